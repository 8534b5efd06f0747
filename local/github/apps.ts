import { createVerify } from 'node:crypto';
import * as z from 'zod';

/** A GitHub App that the stand-in knows, and where it is installed. */
export type StandInApp = {
  readonly appId: string;
  /** Name of the bot: `SLUG[bot]` is the author of what it writes. */
  readonly slug: string;
  /** PEM of the public half of its key. */
  readonly publicKey: string;
  readonly installations: readonly { readonly id: number; readonly account: string }[];
  /** As GitHub names them: contents, pull_requests, organization_projects …; read or write. */
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
};

/** GitHub's limit for the life of an App's own token. */
const MOST_SECONDS = 600;

const claims = z.object({ iat: z.number().int(), exp: z.number().int(), iss: z.union([z.string(), z.number()]) });

const decode = (part: string | undefined): unknown => {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};

/** The App that has signed this token; else why GitHub would refuse it, in its words. `now` is this GitHub's own time. */
export const readAppToken = (
  jwt: string,
  apps: readonly StandInApp[],
  now: Date,
): { readonly app: StandInApp } | { readonly refusal: string } => {
  const [head, body, signature = ''] = jwt.split('.');
  const parsed = claims.safeParse(decode(body));
  const app = parsed.success ? apps.find(({ appId }) => appId === String(parsed.data.iss)) : undefined;
  if (!parsed.success || !app) return { refusal: 'A JSON web token could not be decoded' };
  const isSigned = createVerify('RSA-SHA256').update(`${head}.${body}`).verify(app.publicKey, signature, 'base64url');
  if (!isSigned) return { refusal: 'A JSON web token could not be decoded' };
  const seconds = Math.floor(now.getTime() / 1000);
  const { iat, exp } = parsed.data;
  if (iat > seconds)
    return {
      refusal: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    };
  if (exp <= seconds)
    return {
      refusal:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    };
  if (exp > seconds + MOST_SECONDS) return { refusal: "'Expiration time' claim ('exp') is too far in the future" };
  return { app };
};
