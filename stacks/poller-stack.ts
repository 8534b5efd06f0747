import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { taskContracts } from '../lambdas/registry';
import { type BundleManifest, bundleOf } from './bundle-manifest';
import { DeadLetterQueue } from './constructs/dead-letter-queue';
import { PipelineMachine } from './constructs/pipeline-machine';
import { PollSchedule } from './constructs/poll-schedule';
import { ReleaseBundle } from './constructs/release-bundle';
import { TaskFunction } from './constructs/task-function';
import { EnvironmentStack } from './environment-stack';
import { digestPlaceholder, releasePlaceholder } from './release';

const NEXT_STEP =
  'The schedule is created disabled. Write the secrets and the board settings, start a dry run, then enable it: docs/guides/deploying.md, "After the first apply".';

/** One release: the code of the tasks, the worker, the state machine that pins both, and what starts it. */
export class PollerStack extends EnvironmentStack<'poller'> {
  private readonly keyArn = this.upstream('core')('key_arn');
  private readonly githubTokenSecretArn = this.upstream('secrets')('github_token_secret_arn');
  private readonly deadLetters = new DeadLetterQueue(this, 'dead-letters', { keyArn: this.keyArn });

  constructor(scope: Construct, environment: Environment, bundles: BundleManifest) {
    super(scope, 'poller', environment);
    const machine = new PipelineMachine(this, 'pipeline', {
      taskArns: this.declareTasks(bundles),
      worker: new ReleaseBundle(this, 'worker', {
        bundle: bundleOf(bundles, 'worker'),
        key: this.names.workerBundleKey,
      }),
      deadLetterQueueUrl: this.deadLetters.url,
      keyArn: this.keyArn,
    });
    const schedule = new PollSchedule(this, 'schedule', { liveAliasArn: machine.liveAliasArn, keyArn: this.keyArn });
    this.exports({
      state_machine_arn: machine.arn,
      state_machine_version_arn: machine.versionArn,
      live_alias_arn: machine.liveAliasArn,
      dead_letter_queue_url: this.deadLetters.url,
      schedule_group: schedule.group,
      schedule_name: schedule.name,
      release: releasePlaceholder,
      release_digest: digestPlaceholder,
      next_step: NEXT_STEP,
    });
  }

  /** A function for every task of the registry; the ARNs of the versions that this release publishes. */
  private declareTasks(bundles: BundleManifest): ReadonlyMap<string, string> {
    return new Map(
      taskContracts.map((contract) => {
        const task = new TaskFunction(this, contract.name, {
          contract,
          bundle: bundleOf(bundles, contract.name),
          deadLetterQueueUrl: this.deadLetters.url,
          keyArn: this.keyArn,
          githubTokenSecretArn: this.githubTokenSecretArn,
        });
        return [contract.name, task.qualifiedArn];
      }),
    );
  }
}
