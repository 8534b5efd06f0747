import type { Environment } from '../../config/schema';
import type { Resource, StackDocument } from './synthesized-stacks';

const KEY_ID = '12345678-90ab-cdef-1234-567890abcdef';

/** What an output of an earlier stack would look like. */
const outputs = ({ region, account }: Environment): Readonly<Record<string, string>> => ({
  key_arn: `arn:aws:kms:${region}:${account}:key/${KEY_ID}`,
  github_token_secret_arn: `arn:aws:secretsmanager:${region}:${account}:secret:github-token-AbCdEf`,
  git_credentials_secret_arn: `arn:aws:secretsmanager:${region}:${account}:secret:git-credentials-AbCdEf`,
  kiro_api_key_secret_arn: `arn:aws:secretsmanager:${region}:${account}:secret:kiro-api-key-AbCdEf`,
});

const attributeOf = (
  type: string,
  resource: Resource,
  attribute: string,
  { region, account }: Environment,
): string | null => {
  const name = String(resource.function_name ?? resource.bucket ?? resource.name ?? '');
  const known: Readonly<Record<string, string>> = {
    'aws_lambda_function.qualified_arn': `arn:aws:lambda:${region}:${account}:function:${name}:7`,
    'aws_sqs_queue.url': `https://sqs.${region}.amazonaws.com/${account}/${name}`,
    'aws_s3_object.version_id': '3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
    'aws_s3_bucket.arn': `arn:aws:s3:::${name}`,
    'aws_s3_bucket.id': name,
    'aws_iam_role.arn': `arn:aws:iam::${account}:role/${name}`,
    'aws_iam_role.id': name,
    'aws_kms_key.arn': `arn:aws:kms:${region}:${account}:key/${KEY_ID}`,
    'aws_sfn_alias.arn': `arn:aws:states:${region}:${account}:stateMachine:machine:live`,
  };
  const literal = resource[attribute];
  return known[`${type}.${attribute}`] ?? (typeof literal === 'string' ? literal : null);
};

/** A text of the stack as Terraform would hand it to AWS; a reference to nothing is an error. */
export const resolveReferences = (text: string, stack: StackDocument, environment: Environment): string =>
  text.replace(/(?<!\$)\$\{([\w.-]+)\}/g, (reference, path: string) => {
    const [type = '', id = '', ...rest] = path.split('.');
    const value =
      type === 'data'
        ? outputs(environment)[rest.at(-1) ?? '']
        : attributeOf(type, stack.resource[type]?.[id] ?? {}, rest.join('.'), environment);
    if (typeof value === 'string') return value;
    throw new Error(`${reference} refers to nothing that is known`);
  });
