import { SfnAlias } from '@cdktf/provider-aws/lib/sfn-alias';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Construct } from 'constructs';
import { workItemPipeline } from '../../workflows/work-item-pipeline/definition';
import { environmentStackOf } from '../environment-stack';
import { releasePlaceholder } from '../release';
import { pipelinePermissions } from './pipeline-permissions';
import type { ReleaseBundle } from './release-bundle';
import { ServiceRole } from './service-role';

type Options = {
  /** Qualified ARN of each task's function, by the task's name. */
  readonly taskArns: ReadonlyMap<string, string>;
  readonly worker: ReleaseBundle;
  readonly deadLetterQueueUrl: string;
  readonly keyArn: string;
};

const KEY_REUSE_SECONDS = 300;

const qualified = (taskArns: ReadonlyMap<string, string>, task: string): string => {
  const arn = taskArns.get(task);
  if (arn === undefined) throw new TypeError(`The state machine calls ${task}, which is not in lambdas/registry.ts`);
  return arn;
};

/**
 * The state machine, of which every release is one version, and the alias `live`, which says which version runs. The first version goes live by being the
 * first; after that only the release controller moves the alias, so an apply never moves traffic.
 */
export class PipelineMachine extends Construct {
  readonly arn: string;
  readonly versionArn: string;
  readonly liveAliasArn: string;

  constructor(scope: Construct, id: string, { taskArns, worker, deadLetterQueueUrl, keyArn }: Options) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const role = new ServiceRole(this, 'role', {
      what: 'pipeline',
      service: 'states.amazonaws.com',
      sourceArns: [arns.stateMachine, `${arns.stateMachine}:*`, `${arns.stateMachine}/*`],
      statements: pipelinePermissions({ names, arns, environment }, [...taskArns.keys()], keyArn),
    });
    const machine = new SfnStateMachine(this, 'machine', {
      name: names.stateMachine,
      type: 'STANDARD',
      publish: true,
      roleArn: role.arn,
      definition: JSON.stringify(
        workItemPipeline({
          functionArn: (task) => qualified(taskArns, task),
          deadLetterQueueUrl,
          gitProject: names.gitProject,
          builderProject: names.builderProject,
          workerSource: worker.location,
          workerSourceVersion: worker.versionId,
          environment: environment.name,
          release: releasePlaceholder,
          maxConcurrentItems: environment.maxConcurrentItems,
          buildTimeoutMinutes: environment.buildTimeoutMinutes,
          queuedTimeoutMinutes: environment.queuedTimeoutMinutes,
          itemMapLabel: names.itemMapLabel,
        }),
      ),
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false, // what travels in state is nobody's business in a log
        logDestination: `${arns.logGroup(names.stateMachineLogGroup)}:*`,
      },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: keyArn,
        kmsDataKeyReusePeriodSeconds: KEY_REUSE_SECONDS,
      },
      timeouts: { create: '5m', update: '5m' }, // a new role or version is not visible everywhere at once
      lifecycle: { preventDestroy: environment.deletionProtection }, // with it every version and the alias would go
      dependsOn: [role.policy],
    });
    const live = new SfnAlias(this, 'live', {
      name: names.liveAlias,
      description: 'What the schedule starts; the release controller points it to a version',
      routingConfiguration: [{ stateMachineVersionArn: machine.stateMachineVersionArn, weight: 100 }],
      lifecycle: { ignoreChanges: ['routing_configuration'] },
    });
    this.arn = machine.arn;
    this.versionArn = machine.stateMachineVersionArn;
    this.liveAliasArn = live.arn;
  }
}
