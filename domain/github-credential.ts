import * as z from 'zod';
import { WorkerError } from './errors';

/** What GitHub issues, told apart by the prefix (docs: "GitHub's token formats"). */
export type TokenKind = 'classic' | 'fine-grained' | 'oauth' | 'app-user' | 'installation' | 'refresh' | 'unknown';

const PREFIXES = {
  ghp_: 'classic',
  github_pat_: 'fine-grained',
  gho_: 'oauth',
  ghu_: 'app-user',
  ghs_: 'installation',
  ghr_: 'refresh',
} as const satisfies Record<string, TokenKind>;

export const tokenKindOf = (token: string): TokenKind =>
  Object.entries(PREFIXES).find(([prefix]) => token.startsWith(prefix))?.[1] ?? 'unknown';

/** The value of a secret that lets the worker into GitHub. */
export type GitHubCredential =
  | { readonly kind: 'token'; readonly token: string; readonly tokenKind: TokenKind }
  | {
      readonly kind: 'app';
      readonly appId: string;
      /** Null: found by the account that the work belongs to. */
      readonly installationId: number | null;
      readonly privateKey: string;
    };

const FORM =
  'Write a personal access token into it, or the GitHub App as {"appId":…,"privateKey":"-----BEGIN …"}: docs/guides/github.md.';

const PEM = /^-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----$/;

const decodedOnce = (text: string): string =>
  /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, 'base64').toString('latin1') : text;

/**
 * The key as GitHub gave it out (PKCS#1) or converted (PKCS#8), whatever forms and pipelines have made of its line ends: CRLF, `\n` in letters, blanks, nothing;
 * or all of it in base64. Null for what is no key.
 */
const pemOf = (text: string): string | null => {
  const [, kind, body = ''] =
    PEM.exec(
      decodedOnce(text.trim())
        .replace(/\\r|\\n/g, '\n')
        .trim(),
    ) ?? [];
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return kind && lines.length > 0 ? `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----\n` : null;
};

const appSchema = z.strictObject({
  /** The App's id or its client id; GitHub takes either as the issuer. */
  appId: z.union([z.number().int().positive().transform(String), z.string().regex(/^[A-Za-z0-9.]{1,64}$/)]),
  installationId: z.coerce.number().int().positive().optional(),
  privateKey: z.string().transform((text, context) => {
    const key = pemOf(text);
    if (key) return key;
    context.addIssue({
      code: 'custom',
      message: 'must be the whole PEM file of the key, with its first and last line',
    });
    return z.NEVER;
  }),
});

const parseApp = (text: string, refuse: (what: string) => WorkerError): GitHubCredential => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('begins like JSON and is none'); // without a cause: it would quote the secret
  }
  const parsed = appSchema.safeParse(value);
  if (parsed.success) {
    const { appId, installationId = null, privateKey } = parsed.data;
    return { kind: 'app', appId, installationId, privateKey };
  }
  const places = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`);
  throw refuse(`does not describe a GitHub App (${places.join('; ')})`);
};

/**
 * Reads a credential; `where` names its place in messages, which never hold any of it.
 * @throws WorkerError AuthenticationFailed
 */
export const parseGitHubCredential = (text: string, where: string): GitHubCredential => {
  const refuse = (what: string, remedy = FORM) => new WorkerError('AuthenticationFailed', `${where} ${what}.`, remedy);
  const value = text.trim();
  if (value === '') throw refuse('is empty');
  if (value.startsWith('{')) return parseApp(value, refuse);
  if (value.startsWith('-----BEGIN')) throw refuse('holds a private key without the id of its GitHub App');
  if (!/^[\x21-\x7e]+$/.test(value)) throw refuse('is no token: it holds spaces or control characters');
  const tokenKind = tokenKindOf(value);
  if (tokenKind === 'refresh')
    throw refuse('is a refresh token, which only gets other tokens', 'Use the access token that came with it.');
  return { kind: 'token', token: value, tokenKind };
};
