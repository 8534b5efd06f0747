import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';

type Options = { readonly key: EnvironmentKey; readonly tasks: readonly string[] };

/** Every log group of the environment, before anything writes: what AWS creates itself is unencrypted and kept for ever. */
export class LogGroups extends Construct {
  constructor(scope: Construct, id: string, { key, tasks }: Options) {
    super(scope, id);
    const { names, environment } = environmentStackOf(this);
    const groups = {
      ...Object.fromEntries(tasks.map((task) => [task, names.taskLogGroup(task)])),
      pipeline: names.stateMachineLogGroup,
      git: names.buildLogGroup('git'),
      builder: names.buildLogGroup('builder'),
    };
    for (const [what, name] of Object.entries(groups))
      new CloudwatchLogGroup(this, what, {
        name,
        retentionInDays: environment.logRetentionDays,
        kmsKeyId: key.arn,
      });
  }
}
