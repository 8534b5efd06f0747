import { expression } from '../jsonata';

/** What RecordSpending is told at the end of a good run and of a bad one. */
export const recordSpendingInput = (published: string | false) => ({
  item: expression('$item'),
  lease: expression('$lease'),
  executionName: expression('$states.context.Execution.Name'),
  published,
  dryRun: expression('$dryRun'),
});
