/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

const MASK = '[redacted]';

/** Shorter values would blank out half of every text; nobody issues such secrets. */
const SHORTEST_SECRET = 6;

/**
 * What looks like a credential is taken out even if nobody has told us its value: a repository can print a token that it holds itself. Forms are those that
 * the issuers document: GitHub's token prefixes, AWS access key ids, Kiro's API keys, PEM private keys, credentials in a URL, Authorization headers.
 */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g, MASK],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})/g, MASK],
  [/\bksk_[A-Za-z0-9_-]{8,}/g, MASK],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"',]+/gi, `$1${MASK}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${MASK}@`],
];

/** A secret as it also appears: in a URL, in JSON, in the Basic header that git sends. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
  Buffer.from(`x-access-token:${secret}`).toString('base64'),
];

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * A function that replaces every one of `secrets`, in every form in which it commonly appears, and everything that has the shape of a
 * credential. Longer forms go first, so that no part of one is left behind. Texts that are cut into chunks must be cut at lines.
 */
export const createRedactor = (secrets: readonly string[]): Redactor => {
  const values = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((secret) => secret.trim());
  const forms = new Set(values.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(formsOf));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map(escapeForPattern);
  const known = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : null;
  return (text) => {
    const clean = known ? text.replace(known, MASK) : text;
    return SHAPES.reduce((masked, [shape, replacement]) => masked.replace(shape, replacement), clean);
  };
};
