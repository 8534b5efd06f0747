import { expression } from '../jsonata';

/** What RecordSpending is told at the end of a good run, of a bad one, and of one that has not begun. */
export const recordSpendingInput = (fruitful: string | false) => ({
  item: expression('$item'),
  lease: expression('$lease'),
  executionName: expression('$states.context.Execution.Name'),
  fruitful,
  dryRun: expression('$dryRun'),
});
