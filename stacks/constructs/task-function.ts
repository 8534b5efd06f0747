import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Construct } from 'constructs';
import type { TaskContract } from '../../lambdas/_kit/contract';
import type { Bundle } from '../bundle-manifest';
import { environmentStackOf } from '../environment-stack';
import { ReleaseBundle } from './release-bundle';
import { ServiceRole } from './service-role';
import { type TaskWorld, taskPermissions } from './task-permissions';
import { taskVariables } from './task-variables';

type Options = Pick<TaskWorld, 'keyArn' | 'githubTokenSecretArn'> & {
  readonly contract: TaskContract;
  readonly bundle: Bundle;
  readonly deadLetterQueueUrl: string;
};

/** A task of the pipeline as a function: everything that is special about it comes from its contract. */
export class TaskFunction extends Construct {
  /** ARN of exactly the version that this release has published. */
  readonly qualifiedArn: string;

  constructor(scope: Construct, id: string, { contract, bundle, deadLetterQueueUrl, ...secured }: Options) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const code = new ReleaseBundle(this, 'bundle', { bundle, key: names.taskBundleKey(bundle.sha256) });
    const role = new ServiceRole(this, 'role', {
      what: contract.name,
      service: 'lambda.amazonaws.com',
      statements: taskPermissions(contract, { names, arns, environment, ...secured }),
    });
    const lambda = new LambdaFunction(this, 'function', {
      functionName: names.task(contract.name),
      description: contract.purpose,
      s3Bucket: names.releasesBucket,
      s3Key: code.key,
      sourceCodeHash: Buffer.from(bundle.sha256, 'hex').toString('base64'),
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      publish: true,
      timeout: contract.timeoutSeconds,
      memorySize: contract.memoryMegabytes,
      role: role.arn,
      kmsKeyArn: secured.keyArn,
      environment: {
        variables: { ...taskVariables(contract, { names, environment }, deadLetterQueueUrl) },
      },
      // The tasks write JSON themselves; Lambda's own JSON format would wrap their metrics.
      loggingConfig: { logFormat: 'Text', logGroup: names.taskLogGroup(contract.name) },
      tracingConfig: { mode: 'Active' },
      dependsOn: [role.policy],
    });
    this.qualifiedArn = lambda.qualifiedArn;
  }
}
