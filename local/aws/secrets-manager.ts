import * as z from 'zod';
import type { Home } from '../asl/arns';
import { secretArn } from '../stacks/attributes';
import { AwsError } from './aws-error';
import { serviceOf } from './operations';
import type { JsonService } from './service';
import type { StoredValues } from './stored-values';

const secretId = z.object({ SecretId: z.string() });
const reading = secretId.extend({ VersionStage: z.literal('AWSCURRENT').optional() });
const writing = secretId.extend({ SecretString: z.string() });

/** ARNs end in six random characters on AWS; a name is found with and without them. */
export const nameOfSecret = (id: string): string =>
  id.startsWith('arn:') ? (id.split(':')[6] ?? '').replace(/-[A-Za-z0-9]{6}$/, '') : id;

const notFound = (what: string): AwsError => new AwsError('ResourceNotFoundException', what);

const versionIdOf = (version: number): string => `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`;

/** Secrets Manager: the secrets are those of the stacks, their values are written by people. */
export const createSecretsManager = (
  values: StoredValues,
  { secrets, home }: { readonly secrets: readonly string[]; readonly home: Home },
): JsonService => {
  const existing = (id: string): string => {
    const name = nameOfSecret(id);
    if (!secrets.includes(name)) throw notFound("Secrets Manager can't find the specified secret.");
    return name;
  };
  return serviceOf(
    'secretsmanager',
    { targetPrefix: 'secretsmanager', contentType: 'application/x-amz-json-1.1' },
    {
      GetSecretValue: (input) => {
        const name = existing(reading.parse(input).SecretId);
        const stored = values.get(name);
        if (!stored)
          throw notFound("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
        return {
          ARN: secretArn(home, name),
          Name: name,
          VersionId: versionIdOf(stored.version),
          SecretString: stored.value,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: new Date(stored.changedAt),
        };
      },
      DescribeSecret: (input) => {
        const name = existing(secretId.parse(input).SecretId);
        const stored = values.get(name);
        return {
          ARN: secretArn(home, name),
          Name: name,
          ...(stored ? { LastChangedDate: new Date(stored.changedAt) } : {}),
        };
      },
      PutSecretValue: (input) => {
        const { SecretId, SecretString } = writing.parse(input);
        const name = existing(SecretId);
        const version = values.put(name, SecretString);
        return {
          ARN: secretArn(home, name),
          Name: name,
          VersionId: versionIdOf(version),
          VersionStages: ['AWSCURRENT'],
        };
      },
    },
  );
};
