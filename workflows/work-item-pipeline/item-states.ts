import { acquireLockContract } from '../../lambdas/acquire-lock/contract';
import { announceStartContract } from '../../lambdas/announce-start/contract';
import { coverageGateContract } from '../../lambdas/coverage-gate/contract';
import { recordSpendingContract } from '../../lambdas/record-spending/contract';
import { releaseLockContract } from '../../lambdas/release-lock/contract';
import { updatePullRequestContract } from '../../lambdas/update-pull-request/contract';
import { catchFailure, invokeTask } from '../invoke-task';
import { expression, quoted } from '../jsonata';
import { buildStates } from './build-states';
import { failureStates } from './failure-states';
import { forward } from './forward';
import type { PipelineResources } from './pipeline-resources';
import { recordSpendingInput } from './record-spending-input';

const executionArn = expression('$states.context.Execution.Id');
const executionName = expression('$states.context.Execution.Name');
const onError = (step: string) => catchFailure(step, 'SendToDeadLetterQueue');

/** The way of one item, from its lock to its release. */
export const itemStates = (resources: PipelineResources): { StartAt: string; States: object } => ({
  StartAt: 'AcquireLock',
  States: {
    ...takingStates(resources),
    ...buildStates(resources),
    ...handingOverStates(resources),
    ...failureStates(resources),
  },
});

const given = {
  item: expression('$states.input.item'),
  redrive: expression('$states.input.redrive'),
  dryRun: expression('$states.input.dryRun'),
};

const takingStates = ({ functionArn }: PipelineResources) => ({
  AcquireLock: invokeTask(acquireLockContract, functionArn, {
    input: { item: given.item, owner: executionArn, redrive: given.redrive, dryRun: given.dryRun },
    assign: {
      ...given,
      lease: expression('$states.result.Payload.outcome = "acquired" ? $states.result.Payload.lease : null'),
      credits: expression('$states.result.Payload.outcome = "acquired" ? $states.result.Payload.credits : null'),
    },
    next: 'LockAcquired',
    onError: catchFailure('AcquireLock', 'SendUnlockedToDeadLetterQueue', { ...given, lease: null, credits: null }),
  }),
  LockAcquired: {
    Type: 'Choice',
    Choices: [{ Condition: expression('$states.input.outcome = "acquired"'), Next: 'AnnounceStart' }],
    Default: 'Skipped',
  },
  Skipped: {
    Type: 'Succeed',
    Comment: 'Another execution has the item, every slot is taken, or no credits are left; a later tick tries again',
    Output: {
      outcome: 'skipped',
      itemId: expression('$item.itemId'),
      reason: expression('$states.input.outcome'),
      summary: expression('$states.input.message'),
      pullRequest: null,
    },
  },
  AnnounceStart: invokeTask(announceStartContract, functionArn, {
    input: {
      item: expression('$item'),
      lease: expression('$lease'),
      redrive: expression('$redrive'),
      dryRun: expression('$dryRun'),
    },
    next: 'StillReady',
    onError: onError('AnnounceStart'),
  }),
  StillReady: {
    Type: 'Choice',
    Choices: [{ Condition: expression('$states.input.outcome = "announced"'), Next: 'Checkout' }],
    Assign: {
      result: {
        outcome: 'skipped',
        itemId: expression('$item.itemId'),
        reason: expression('$states.input.outcome'),
        summary: expression('$states.input.message'),
        pullRequest: null,
      },
    },
    Default: 'CloseAccount',
  },
  CloseAccount: invokeTask(recordSpendingContract, functionArn, {
    input: recordSpendingInput(false),
    next: 'ReleaseLock',
    onError: forward('ReleaseLock'), // the next poll closes it
  }),
});

const handingOverStates = ({ functionArn }: PipelineResources) => ({
  CoverageGate: invokeTask(coverageGateContract, functionArn, {
    input: {
      item: expression('$item'),
      lease: expression('$lease'),
      executionName,
      dryRun: expression('$dryRun'),
    },
    assign: { verdict: expression('$states.result.Payload') },
    next: 'AnythingToPublish',
    onError: onError('CoverageGate'),
  }),
  AnythingToPublish: {
    Type: 'Choice',
    Choices: [{ Condition: expression('$verdict.hasCommits'), Next: 'Publish' }],
    Default: 'RecordSpending',
  },
  RecordSpending: invokeTask(recordSpendingContract, functionArn, {
    input: recordSpendingInput(expression('$verdict.fruitful')),
    assign: { spending: expression('$states.result.Payload.report') },
    next: 'UpdatePullRequest',
    // The work is shown all the same; the account stays open, and the next poll settles it.
    onError: forward('UpdatePullRequest', { spending: null }),
  }),
  UpdatePullRequest: invokeTask(updatePullRequestContract, functionArn, {
    input: {
      item: expression('$item'),
      lease: expression('$lease'),
      executionArn,
      executionName,
      resultVersionId: expression('$verdict.resultVersionId'),
      verdictKey: expression('$verdict.verdictKey'),
      verdictVersionId: expression('$verdict.verdictVersionId'),
      spending: expression('$spending'),
      dryRun: expression('$dryRun'),
    },
    assign: {
      result: {
        outcome: expression('$verdict.kind'),
        itemId: expression('$item.itemId'),
        summary: expression('$verdict.summary'),
        pullRequest: expression('$states.result.Payload.pullRequest'),
      },
    },
    next: 'AgentFaulted',
    onError: onError('UpdatePullRequest'),
  }),
  AgentFaulted: {
    Type: 'Choice',
    Comment: 'The work that there is has been shown; the fault still goes to the dead-letter queue',
    Choices: [
      {
        Condition: expression('$type($verdict.fault) = "object"'),
        Assign: {
          failure: expression(
            `{"step": ${quoted('Build')}, "error": $verdict.fault.error, "cause": $verdict.fault.cause, "buildId": $buildId}`,
          ),
        },
        Next: 'SendToDeadLetterQueue',
      },
    ],
    Default: 'ReleaseLock',
  },
  ReleaseLock: invokeTask(releaseLockContract, functionArn, {
    input: { lease: expression('$lease'), park: false, dryRun: expression('$dryRun') },
    next: 'Done',
    onError: onError('ReleaseLock'),
  }),
  Done: { Type: 'Succeed', Output: expression('$result') },
});
