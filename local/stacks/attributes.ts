import { createHash } from 'node:crypto';
import type { Home } from '../asl/arns';
import { machineArn } from '../asl/arns';
import { describeFunction, type FunctionDescription } from './functions';
import type { Attributes } from './resolve-tokens';

export type World = {
  readonly home: Home;
  /** Where the endpoints of this machine listen. */
  readonly url: string;
  /** The number of the version that holds exactly this code and configuration. */
  readonly functionVersion: (description: FunctionDescription) => number;
  /** The newest version of an object; it has been uploaded before. */
  readonly objectVersion: (bucket: string, key: string) => string | undefined;
};

/** The name that a resource gives itself. */
type Own = (attribute: string) => string;
type Known = Readonly<Record<string, () => unknown>>;

export const secretArn = ({ region, accountId }: Home, name: string): string =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-000000`;

/** Like AWS's own, but the same on every start. */
const uuidOf = (text: string): string => {
  const digest = createHash('sha256').update(text).digest('hex');
  return [8, 4, 4, 4, 12].reduce<readonly [string, number]>(
    ([out, at], length) => [`${out}${out && '-'}${digest.slice(at, at + length)}`, at + length],
    ['', 0],
  )[0];
};

/** ARN and id of the types whose ARN is built from one name of theirs. `id` says which of both Terraform uses as id. */
const named = ({ region, accountId }: Home): Readonly<Record<string, (own: Own) => Known>> => {
  const regional = (service: string) => `arn:aws:${service}:${region}:${accountId}:`;
  const byName = (attribute: string, arn: (name: string) => string, id: 'arn' | 'name') => (own: Own) => ({
    arn: () => arn(own(attribute)),
    id: () => (id === 'arn' ? arn(own(attribute)) : own(attribute)),
  });
  return {
    aws_codebuild_project: byName('name', (name) => `${regional('codebuild')}project/${name}`, 'arn'),
    aws_codebuild_report_group: byName('name', (name) => `${regional('codebuild')}report-group/${name}`, 'arn'),
    aws_dynamodb_table: byName('name', (name) => `${regional('dynamodb')}table/${name}`, 'name'),
    aws_s3_bucket: byName('bucket', (name) => `arn:aws:s3:::${name}`, 'name'),
    aws_ssm_parameter: byName('name', (name) => `${regional('ssm')}parameter${name}`, 'name'),
    aws_iam_role: byName('name', (name) => `arn:aws:iam::${accountId}:role/${name}`, 'name'),
    aws_iam_policy: byName('name', (name) => `arn:aws:iam::${accountId}:policy/${name}`, 'arn'),
    aws_kms_alias: byName('name', (name) => `${regional('kms')}${name}`, 'name'),
    aws_cloudwatch_log_group: byName('name', (name) => `${regional('logs')}log-group:${name}`, 'name'),
    aws_cloudwatch_metric_alarm: byName('alarm_name', (name) => `${regional('cloudwatch')}alarm:${name}`, 'name'),
    aws_sns_topic: byName('name', (name) => `${regional('sns')}${name}`, 'arn'),
    aws_scheduler_schedule_group: byName('name', (name) => `${regional('scheduler')}schedule-group/${name}`, 'name'),
    aws_secretsmanager_secret: byName('name', (name) => secretArn({ region, accountId }, name), 'arn'),
  };
};

/** What AWS would compute for each resource, for this machine. */
export const createAttributes = ({ home, url, functionVersion, objectVersion }: World): Attributes => {
  const { region, accountId } = home;
  const simple = named(home);
  return (resource, resolve) => {
    const { stack, type, name, values } = resource;
    const own: Own = (attribute) => String(resolve(values[attribute], stack, `${type}.${name}, ${attribute}`));
    switch (type) {
      case 'aws_lambda_function': {
        const arn = () => `arn:aws:lambda:${region}:${accountId}:function:${own('function_name')}`;
        const version = () => functionVersion(describeFunction(resource, resolve));
        return {
          arn,
          id: () => own('function_name'),
          version: () => String(version()),
          qualified_arn: () => `${arn()}:${version()}`,
        };
      }
      case 'aws_sfn_state_machine': {
        const arn = () => machineArn(home, own('name'));
        return { arn, id: arn };
      }
      case 'aws_sqs_queue': {
        const queueUrl = () => `${url}/${accountId}/${own('name')}`;
        return { arn: () => `arn:aws:sqs:${region}:${accountId}:${own('name')}`, id: queueUrl, url: queueUrl };
      }
      case 'aws_s3_object':
        return { id: () => own('key'), version_id: () => objectVersion(own('bucket'), own('key')) };
      case 'aws_kms_key': {
        const id = () => uuidOf(`${stack.name} ${name}`);
        return { id, key_id: id, arn: () => `arn:aws:kms:${region}:${accountId}:key/${id()}` };
      }
      default:
        return simple[type]?.(own) ?? {};
    }
  };
};
