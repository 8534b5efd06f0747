import { issueCredentials, type RoleCredentials } from '../aws/role-credentials';
import type { Variables } from './options';
import type { Site } from './site';

/** The person at the keyboard: may do everything. */
export const operatorRole = 'operator';

export type Identities = Pick<RoleCredentials, 'known'> & {
  /** Variables that let a process act as a role, named or by ARN, and reach this machine's endpoints. */
  readonly variablesFor: (role: string) => Variables;
};

const nameOf = (role: string): string => role.replace(/^arn:aws:iam::\d+:role\/(?:.*\/)?/, '');

/** One key per role of the stacks and one for the operator. */
export const createIdentities = ({ description, home, url }: Pick<Site, 'description' | 'home' | 'url'>): Identities => {
  const { known, variablesFor } = issueCredentials([...description.roles.map(({ name }) => name), operatorRole]);
  return {
    known,
    variablesFor: (role) => ({ ...variablesFor(nameOf(role)), AWS_REGION: home.region, AWS_ENDPOINT_URL: url }),
  };
};
