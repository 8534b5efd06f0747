import type { BuildRecord, BuildVariable } from './build-record';
import type { Buildspec } from './buildspec';

/** Reads stored values with the rights of the build's role; throws an Error that says which one cannot be read. */
export type StoredVariables = {
  readonly secret: (name: string) => string;
  readonly parameter: (name: string) => string;
};

export type Variables = Readonly<Record<string, string>>;
/** `secrets` are the values that the log must not show. */
export type ResolvedVariables = { readonly variables: Variables; readonly secrets: readonly string[] };

/** `secret-id:json-key:version-stage:version-id`; an ARN as secret-id holds colons itself. */
const readSecret = (reference: string, stored: StoredVariables): string => {
  const [, id = '', rest = ''] = /^(arn:[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:[^:]+|[^:]+)(.*)$/.exec(reference) ?? [];
  const [, key = '', stage = '', version = ''] = rest.split(':');
  if (version !== '' || !['', 'AWSCURRENT'].includes(stage))
    throw new Error(`${id}: only the current version of a secret can be read here`);
  const value = stored.secret(id);
  if (key === '') return value;
  const found = (JSON.parse(value) as Readonly<Record<string, unknown>>)[key];
  if (found === undefined) throw new Error(`${id}: the secret has no key ${key}`);
  return String(found);
};

const resolveOne = ({ type, value }: Pick<BuildVariable, 'type' | 'value'>, stored: StoredVariables): string => {
  if (type === 'SECRETS_MANAGER') return readSecret(value, stored);
  return type === 'PARAMETER_STORE' ? stored.parameter(value) : value;
};

const declared = ({ env }: Buildspec): readonly BuildVariable[] => {
  const of = (values: Variables, type: BuildVariable['type']) =>
    Object.entries(values).map(([name, value]) => ({ name, value, type }));
  return [
    ...of(env.variables, 'PLAINTEXT'),
    ...of(env['parameter-store'], 'PARAMETER_STORE'),
    ...of(env['secrets-manager'], 'SECRETS_MANAGER'),
  ];
};

/** Variables of the buildspec, overridden by those of the project and of StartBuild (which are one list in the record). */
export const resolveVariables = (
  record: BuildRecord,
  buildspec: Buildspec,
  stored: StoredVariables,
): ResolvedVariables => {
  const byName = new Map([...declared(buildspec), ...record.variables].map((variable) => [variable.name, variable]));
  const resolved = [...byName.values()].map((variable) => ({ ...variable, value: resolveOne(variable, stored) }));
  return {
    variables: Object.fromEntries(resolved.map(({ name, value }) => [name, value])),
    secrets: resolved.filter(({ type }) => type !== 'PLAINTEXT').map(({ value }) => value),
  };
};

/** What CodeBuild itself sets (user guide, "Environment variables in build environments"). */
export const codeBuildVariables = (
  record: BuildRecord,
  place: { readonly region: string; readonly sourceFolder: string; readonly home: string },
): Variables => ({
  AWS_REGION: place.region,
  AWS_DEFAULT_REGION: place.region,
  CI: 'true',
  CODEBUILD_BUILD_ARN: record.arn,
  CODEBUILD_BUILD_ID: record.id,
  CODEBUILD_BUILD_IMAGE: record.environment.image,
  CODEBUILD_BUILD_NUMBER: String(record.number),
  CODEBUILD_BUILD_SUCCEEDING: '1',
  CODEBUILD_CI: 'true',
  CODEBUILD_INITIATOR: record.initiator,
  CODEBUILD_KMS_KEY_ID: record.encryptionKey,
  CODEBUILD_LOG_PATH: record.id.split(':').at(-1) ?? '',
  CODEBUILD_PROJECT_ARN: record.arn.replace(/:build\/.*$/, `:project/${record.project}`),
  CODEBUILD_RESOLVED_SOURCE_VERSION: record.resolvedSourceVersion ?? '',
  CODEBUILD_SOURCE_REPO_URL: record.source.location,
  CODEBUILD_SOURCE_VERSION: record.sourceVersion ?? `arn:aws:s3:::${record.source.location}`,
  CODEBUILD_SRC_DIR: place.sourceFolder,
  CODEBUILD_START_TIME: String(record.start),
  HOME: place.home,
});
