import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './aws-error';
import { jsonFile } from './json-file';
import type { JsonService } from './service';

const valueSchema = z.record(z.string(), z.object({ value: z.string(), version: z.number(), changedAt: z.number() }));

/** Named values on disk, readable by their owner only: the state of Secrets Manager and of Parameter Store. */
export type StoredValues = {
  readonly get: (
    name: string,
  ) => { readonly value: string; readonly version: number; readonly changedAt: number } | undefined;
  readonly names: () => readonly string[];
  readonly put: (name: string, value: string) => number;
};

export const createStoredValues = (file: string, now: () => Date): StoredValues => {
  const state = jsonFile(file, valueSchema, {});
  return {
    get: (name) => state.read()[name],
    names: () => Object.keys(state.read()),
    put: (name, value) => {
      const version = (state.read()[name]?.version ?? 0) + 1;
      state.write({ ...state.read(), [name]: { value, version, changedAt: now().getTime() } });
      return version;
    },
  };
};

const unknown = (service: string, operation: string) =>
  new AwsError('UnknownOperationException', `${service} has no ${operation} here.`);

const secretId = z.object({ SecretId: z.string() });
const newSecret = secretId.extend({ SecretString: z.string() });

/** ARNs end in six random characters on AWS; a name is found with and without them. */
const nameOfSecret = (id: string): string =>
  id.startsWith('arn:') ? (id.split(':')[6] ?? '').replace(/-[A-Za-z0-9]{6}$/, '') : id;

export const createSecretsManager = (
  values: StoredValues,
  home: { readonly region: string; readonly account: string },
): JsonService => {
  const arnOf = (name: string) => `arn:aws:secretsmanager:${home.region}:${home.account}:secret:${name}-000000`;
  const read = (input: unknown) => {
    const name = nameOfSecret(secretId.parse(input).SecretId);
    const stored = values.get(name);
    if (!stored)
      throw new AwsError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      );
    return { name, stored };
  };
  const operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    GetSecretValue: (input) => {
      const { name, stored } = read(input);
      return {
        ARN: arnOf(name),
        Name: name,
        VersionId: `00000000-0000-4000-8000-${String(stored.version).padStart(12, '0')}`,
        SecretString: stored.value,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: new Date(stored.changedAt),
      };
    },
    DescribeSecret: (input) => {
      const { name, stored } = read(input);
      return { ARN: arnOf(name), Name: name, LastChangedDate: new Date(stored.changedAt) };
    },
    PutSecretValue: (input) => {
      const { SecretId, SecretString } = newSecret.parse(input);
      const name = nameOfSecret(SecretId);
      values.put(name, SecretString);
      return { ARN: arnOf(name), Name: name, VersionId: randomUUID(), VersionStages: ['AWSCURRENT'] };
    },
  };
  return {
    targetPrefix: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    handle: async (operation, input) => {
      const run = operations[operation];
      if (!run) throw unknown('secretsmanager', operation);
      return run(input);
    },
  };
};

const parameterName = z.object({ Name: z.string() });
const parameterNames = z.object({ Names: z.array(z.string()) });
const parameterPath = z.object({ Path: z.string() });
const newParameter = z.object({ Name: z.string(), Value: z.string() });

export const createParameterStore = (
  values: StoredValues,
  home: { readonly region: string; readonly account: string },
): JsonService => {
  const show = (name: string) => {
    const stored = values.get(name);
    if (!stored) return undefined;
    return {
      Name: name,
      Type: 'String',
      Value: stored.value,
      Version: stored.version,
      LastModifiedDate: new Date(stored.changedAt),
      ARN: `arn:aws:ssm:${home.region}:${home.account}:parameter${name}`,
      DataType: 'text',
    };
  };
  const operations: Readonly<Record<string, (input: unknown) => unknown>> = {
    GetParameter: (input) => {
      const { Name } = parameterName.parse(input);
      const Parameter = show(Name);
      if (!Parameter) throw new AwsError('ParameterNotFound', `The parameter ${Name} does not exist.`);
      return { Parameter };
    },
    GetParameters: (input) => {
      const { Names } = parameterNames.parse(input);
      const found = Names.map(show);
      return {
        Parameters: found.filter((parameter) => parameter !== undefined),
        InvalidParameters: Names.filter((_, index) => !found[index]),
      };
    },
    GetParametersByPath: (input) => {
      const { Path } = parameterPath.parse(input);
      return {
        Parameters: values
          .names()
          .filter((name) => name.startsWith(`${Path.replace(/\/$/, '')}/`))
          .map(show),
      };
    },
    PutParameter: (input) => {
      const { Name, Value } = newParameter.parse(input);
      return { Version: values.put(Name, Value), Tier: 'Standard' };
    },
  };
  return {
    targetPrefix: 'AmazonSSM',
    contentType: 'application/x-amz-json-1.1',
    handle: async (operation, input) => {
      const run = operations[operation];
      if (!run) throw unknown('ssm', operation);
      return run(input);
    },
  };
};
