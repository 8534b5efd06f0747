const HOSTS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

type Place = { readonly executionArn: string; readonly buildId: string };

/**
 * Where a person sees an execution and its build in the AWS console. Null for what is not in AWS's own form: a build id is `PROJECT:UUID`, and both are in the same account.
 */
export const consoleLinks = ({
  executionArn,
  buildId,
}: Place): { readonly execution: string; readonly build: string } | null => {
  const [, partition = '', region = '', account = ''] =
    /^arn:([a-z-]+):states:([a-z0-9-]+):(\d{12}):[\w:/.-]+$/.exec(executionArn) ?? [];
  const [, project = ''] = /^([\w-]+):[0-9a-f-]{36}$/.exec(buildId) ?? [];
  const host = HOSTS[partition];
  if (host === undefined || project === '') return null;
  const start = `https://${region}.${host}`;
  return {
    execution: `${start}/states/home?region=${region}#/v2/executions/details/${executionArn}`,
    build: `${start}/codesuite/codebuild/${account}/projects/${project}/build/${encodeURIComponent(buildId)}/?region=${region}`,
  };
};
