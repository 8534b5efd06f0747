import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { createObjectStore } from '../../../../local/aws/object-store';
import { openChildLedger } from '../../../../local/child-ledger';
import { openFunctionVersions } from '../../../../local/lambda/function-versions';
import { createLambda, type Lambda } from '../../../../local/lambda/lambda';
import type { FunctionDescription } from '../../../../local/stacks/functions';

export type Deploy = (source: string, changes?: Partial<FunctionDescription>) => Promise<string>;

const described = (changes: Partial<FunctionDescription>): FunctionDescription => ({
  name: 'task',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: 'arn:aws:iam::123456789012:role/task',
  bundle: { bucket: 'releases', key: 'bundles/task.zip' },
  timeoutSeconds: 10,
  memoryMegabytes: 128,
  environment: {},
  ...changes,
});

/** Lambda on a folder. `deploy` publishes a version of a function with this source and gives its qualified ARN. */
export const openLambdaBench = (
  folder: string,
  mostAtOnce = 4,
): { readonly lambda: Lambda; readonly deploy: Deploy; readonly children: string } => {
  const objects = createObjectStore(join(folder, 's3'), { buckets: ['releases'], now: () => new Date() });
  const versions = openFunctionVersions(join(folder, 'versions.json'));
  const children = join(folder, 'children.json');
  const lambda = createLambda(
    { folder: join(folder, 'lambda'), region: 'eu-west-1', searchPath: process.env.PATH ?? '', mostAtOnce },
    {
      objects,
      versions,
      children: openChildLedger(children),
      variablesOf: ({ role }) => ({ AWS_ACCESS_KEY_ID: `key of ${role}`, OVERLAID: 'yes' }),
    },
  );
  let bundles = 0;
  return {
    lambda,
    children,
    deploy: async (source, changes = {}) => {
      bundles += 1;
      const key = `bundles/${bundles}.zip`;
      await objects.put('releases', key, Buffer.from(zipSync({ 'index.mjs': strToU8(source) })));
      const description = described({ bundle: { bucket: 'releases', key }, ...changes });
      const number = versions.publish(description);
      return `arn:aws:lambda:eu-west-1:123456789012:function:${description.name}:${number}`;
    },
  };
};
