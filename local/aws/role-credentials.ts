import { randomBytes } from 'node:crypto';
import type { Credentials } from './verify-signature';

/** The keys of one run: one set for each role, made anew at each start and never written down. */
export type RoleCredentials = {
  readonly known: Credentials;
  /** Variables that let an SDK act as the role; throws for a role that nobody has declared. */
  readonly variablesFor: (role: string) => Readonly<Record<string, string>>;
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
    variablesFor: (role) => {
      const found = issued.find((key) => key.role === role);
      if (!found) throw new Error(`the stacks have no role ${role}`);
      return {
        AWS_ACCESS_KEY_ID: found.accessKeyId,
        AWS_SECRET_ACCESS_KEY: found.secretAccessKey,
        AWS_SESSION_TOKEN: found.sessionToken,
      };
    },
  };
};
