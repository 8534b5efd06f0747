import { recordSpendingContract } from '../../lambdas/record-spending/contract';
import { releaseLockContract } from '../../lambdas/release-lock/contract';
import { reportFailureContract } from '../../lambdas/report-failure/contract';
import { invokeTask } from '../invoke-task';
import { expression, quoted } from '../jsonata';
import { queueRetries } from '../retry-rules';
import { forward } from './forward';
import type { PipelineResources } from './pipeline-resources';
import { recordSpendingInput } from './record-spending-input';

const deadLetter = ({ environment, release }: PipelineResources): string =>
  `$string({
    "version": 1,
    "id": $states.context.Execution.Name,
    "environment": ${quoted(environment)},
    "release": ${quoted(release)},
    "item": $item,
    "step": $failure.step,
    "error": $failure.error,
    "cause": $failure.cause,
    "executionArn": $states.context.Execution.Id,
    "buildId": $failure.buildId,
    "dryRun": $dryRun,
    "attempts": $exists($lease.attempt) ? $lease.attempt : 0,
    "failedAt": $states.context.State.EnteredTime
  })`.replace(/\s*\n\s*/g, ' ');

const sendDeadLetter = (resources: PipelineResources, next: string) => ({
  Type: 'Task',
  Comment: 'Keeps the failed item with its context; nothing is lost',
  Resource: 'arn:aws:states:::sqs:sendMessage',
  Arguments: {
    QueueUrl: resources.deadLetterQueueUrl,
    MessageBody: expression(deadLetter(resources)),
  },
  TimeoutSeconds: 60,
  Retry: queueRetries,
  Catch: forward(next),
  Next: next,
});

export const failureStates = (resources: PipelineResources) => ({
  SendToDeadLetterQueue: sendDeadLetter(resources, 'RecordSpendingAfterFailure'),
  RecordSpendingAfterFailure: invokeTask(recordSpendingContract, resources.functionArn, {
    input: recordSpendingInput(false),
    next: 'ReportFailure',
    onError: forward('ReportFailure'), // the next poll settles it
  }),
  ReportFailure: invokeTask(reportFailureContract, resources.functionArn, {
    input: {
      item: expression('$item'),
      lease: expression('$lease'),
      executionArn: expression('$states.context.Execution.Id'),
      executionName: expression('$states.context.Execution.Name'),
      failure: {
        step: expression('$failure.step'),
        error: expression('$failure.error'),
        cause: expression('$failure.cause'),
      },
      dryRun: expression('$dryRun'),
    },
    assign: { isReported: true },
    next: 'ReleaseLockAfterFailure',
    // An item that the board still shows as ready would start again at the next tick, and fail again.
    onError: forward('ReleaseLockAfterFailure', { isReported: false }),
  }),
  ReleaseLockAfterFailure: invokeTask(releaseLockContract, resources.functionArn, {
    input: { lease: expression('$lease'), park: expression('$not($isReported)'), dryRun: expression('$dryRun') },
    next: 'Failed',
    onError: forward('Failed'),
  }),
  SendUnlockedToDeadLetterQueue: sendDeadLetter(resources, 'Failed'),
  Failed: { Type: 'Fail', Error: expression('$failure.error'), Cause: expression('$failure.cause') },
});
