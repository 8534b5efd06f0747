import { pollWorkItemsContract } from '../../lambdas/poll-work-items/contract';
import { invokeTask } from '../invoke-task';
import { expression } from '../jsonata';
import { itemStates } from './item-states';
import type { PipelineResources } from './pipeline-resources';

/** Poll, queueing and three builds, one after the other, and some air. */
const machineTimeoutSeconds = ({ buildTimeoutMinutes, queuedTimeoutMinutes }: PipelineResources): number =>
  3 * (buildTimeoutMinutes + queuedTimeoutMinutes) * 60 + 3600;

/**
 * The pipeline: poll the board, then process each chosen item in a child execution of its own.
 *
 * Input: `{}` from the schedule, or `{ items: [WorkItem], redrive: true }` from a redrive; `dryRun: true` with either one.
 * The parent succeeds even if items fail: health is judged by the outcomes that the tasks emit.
 */
export const workItemPipeline = (resources: PipelineResources): object => ({
  Comment: `Kiro CodeBuild Worker, ${resources.environment}, release ${resources.release}`,
  QueryLanguage: 'JSONata',
  StartAt: 'ItemsGiven',
  TimeoutSeconds: machineTimeoutSeconds(resources),
  States: {
    ItemsGiven: {
      Type: 'Choice',
      Comment: 'A redrive brings its items; the schedule brings none',
      Choices: [
        {
          Condition: expression('$exists($states.input.items) and $count($states.input.items) > 0'),
          Assign: {
            items: expression('$states.input.items'),
            redrive: expression('$exists($states.input.redrive) and $states.input.redrive = true'),
            dryRun: expression('$exists($states.input.dryRun) and $states.input.dryRun = true'),
          },
          Next: 'ProcessWorkItems',
        },
      ],
      Assign: {
        redrive: false,
        dryRun: expression('$exists($states.input.dryRun) and $states.input.dryRun = true'),
      },
      Default: 'PollWorkItems',
    },
    PollWorkItems: invokeTask(pollWorkItemsContract, resources.functionArn, {
      input: {
        executionArn: expression('$states.context.Execution.Id'),
        executionName: expression('$states.context.Execution.Name'),
        startedAt: expression('$states.context.Execution.StartTime'),
        dryRun: expression('$dryRun'),
      },
      assign: { items: expression('$states.result.Payload.items') },
      next: 'AnyReady',
    }),
    AnyReady: {
      Type: 'Choice',
      Choices: [{ Condition: expression('$count($items) > 0'), Next: 'ProcessWorkItems' }],
      Default: 'NothingToDo',
    },
    NothingToDo: { Type: 'Succeed' },
    ProcessWorkItems: {
      Type: 'Map',
      Comment: 'Each item in an execution of its own; one that fails leaves the others alone',
      Label: resources.itemMapLabel,
      Items: expression('$items'),
      ItemSelector: {
        item: expression('$states.context.Map.Item.Value'),
        redrive: expression('$redrive'),
        dryRun: expression('$dryRun'),
      },
      MaxConcurrency: resources.maxConcurrentItems,
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...itemStates(resources),
      },
      End: true,
    },
  },
});
