import { issueCredentials, type RoleCredentials, type RoleKey } from '../aws/role-credentials';
import type { Variables } from './options';
import type { Site } from './site';

/** The person at the keyboard: may do everything. */
const operatorRole = 'operator';

export type Identities = Pick<RoleCredentials, 'known'> & {
  readonly operator: RoleKey;
  /** Variables that let a process act as a role, named or by ARN, and reach this machine's endpoints. */
  readonly variablesFor: (role: string) => Variables;
};

const nameOf = (role: string): string => role.replace(/^arn:aws:iam::\d+:role\/(?:.*\/)?/, '');

/** One key per role of the stacks and one for the operator. */
export const createIdentities = ({
  description,
  home,
  url,
}: Pick<Site, 'description' | 'home' | 'url'>): Identities => {
  const { known, of } = issueCredentials([...description.roles.map(({ name }) => name), operatorRole]);
  return {
    known,
    operator: of(operatorRole),
    variablesFor: (role) => {
      const key = of(nameOf(role));
      return {
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        AWS_SESSION_TOKEN: key.sessionToken,
        AWS_REGION: home.region,
        AWS_ENDPOINT_URL: url,
      };
    },
  };
};
