import { randomBytes } from 'node:crypto';
import type { Credentials } from './verify-signature';

export type RoleKey = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** The keys of one run: one set for each role, made anew at each start and never written down. */
export type RoleCredentials = {
  readonly known: Credentials;
  /** What lets an SDK act as the role; throws for a role that nobody has declared. */
  readonly of: (role: string) => RoleKey;
};

export const issueCredentials = (roles: readonly string[]): RoleCredentials => {
  const issued = roles.map((role) => ({
    role,
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(48).toString('base64'),
  }));
  return {
    known: new Map(issued.map(({ accessKeyId, ...rest }) => [accessKeyId, rest])),
    of: (role) => {
      const found = issued.find((key) => key.role === role);
      if (!found) throw new Error(`the stacks have no role ${role}`);
      const { role: _, ...key } = found;
      return key;
    },
  };
};
