/** Takes secrets out of a text. */
export type Redactor = (text: string) => string;

const MASK = '[redacted]';

/** Shorter values would blank out half of every text; nobody issues such secrets. */
const SHORTEST_SECRET = 6;

type Shape = {
  readonly pattern: RegExp;
  readonly mask: string;
  /** What it is when it can be nothing else; null: code and documents have such text for good reasons, so it is masked and not refused. */
  readonly what: string | null;
};

/**
 * What looks like a credential is taken out even if nobody has told us its value: a repository can print a token that it holds itself. Forms are those that
 * the issuers document: private keys in PEM, GitHub's and npm's token prefixes, Kiro's API keys, AWS access key ids, Authorization headers,
 * credentials in a URL; and AWS's secret keys and session tokens where their name stands before them, because they have no shape of their own. Every pattern is linear in the length of the text, which is hostile.
 */
const SHAPES: readonly Shape[] = [
  {
    pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
    mask: MASK,
    what: 'a private key',
  },
  {
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})/g,
    mask: MASK,
    what: 'a GitHub token',
  },
  { pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g, mask: MASK, what: 'an npm token' },
  { pattern: /(?<![A-Za-z0-9])ksk_[A-Za-z0-9_-]{8,}/g, mask: MASK, what: 'a Kiro API key' },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mask: MASK, what: 'an AWS access key id' },
  {
    pattern: /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[^\s"',]+/gi,
    mask: `$1${MASK}`,
    what: null,
  },
  {
    pattern:
      /((?:aws_?)?(?:secret_?access_?key|session_?token|security_?token)["']?\s{0,8}[:=]\s{0,8}["']?)[A-Za-z0-9/+=]{16,}/gi,
    mask: `$1${MASK}`,
    what: null,
  },
  { pattern: /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"'<>]+@/gi, mask: `$1${MASK}@`, what: null },
];

/** The part of every Base64 text with `bytes` in it that depends on nothing else, for each of the three ways in which they can fall into groups. */
const base64Of = (bytes: Buffer, encoding: 'base64' | 'base64url'): readonly string[] =>
  [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });

/** A secret as it also appears: in a URL, in JSON, in hexadecimal, in Base64 with anything around it (a Basic header, a data URL). */
const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const url = encodeURIComponent(bytes.toString());
  return [
    secret,
    url,
    url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([['', bytes.toString()]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`x-access-token:${secret}`).toString('base64'),
    ...base64Of(bytes, 'base64'),
    ...base64Of(bytes, 'base64url'),
  ];
};

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches every secret in every form, longer forms first, so that no part of one is left behind; null when there is nothing to match. */
const patternOf = (secrets: readonly string[]): RegExp | null => {
  const values = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((secret) => secret.trim());
  const forms = new Set(values.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(formsOf));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map(escapeForPattern);
  return longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : null;
};

/**
 * A function that replaces every one of `secrets`, in every form in which it commonly appears, and everything that has the shape of a
 * credential. Texts that are cut into chunks must be cut at lines.
 */
export const createRedactor = (secrets: readonly string[]): Redactor => {
  const known = patternOf(secrets);
  return (text) => {
    const clean = known ? text.replace(known, MASK) : text;
    return SHAPES.reduce((masked, { pattern, mask }) => masked.replace(pattern, mask), clean);
  };
};

export type FoundSecret = {
  /** In words that may be shown. */
  readonly what: string;
  /** The secret itself: for comparing, never for showing. */
  readonly value: string;
  /** One of the values that were given, not only the shape of one. */
  readonly isKnown: boolean;
};

/** `ghp_xxxxxxxxxxxx`, AWS's `AKIA…EXAMPLE` and a key without a body are what documents and tests show. */
const isPlaceholder = (value: string): boolean =>
  value.startsWith('-----')
    ? !/[A-Za-z0-9+/=]{40}/.test(value)
    : value.endsWith('EXAMPLE') || new Set(value.replace(/^(?:github_pat|[a-z]{3})_/, '')).size < 6;

/** A function that finds, each once, every one of `secrets` in every form, and what can be nothing but a credential. */
export const createSecretFinder = (secrets: readonly string[]): ((text: string) => readonly FoundSecret[]) => {
  const known = patternOf(secrets);
  return (text) => {
    const found = new Map<string, FoundSecret>();
    for (const [value] of known ? text.matchAll(known) : [])
      found.set(value, { what: 'a credential of this worker', value, isKnown: true });
    for (const { pattern, what } of SHAPES)
      for (const [value] of what === null ? [] : text.matchAll(pattern))
        if (what !== null && !found.has(value) && !isPlaceholder(value))
          found.set(value, { what, value, isKnown: false });
    return [...found.values()];
  };
};
