import { hasFinishedTask } from './has-finished-task';
import { type ExecutionLife, hasEnded } from './lock-row';
import { readSpending } from './read-spending';
import type { AgentSpending } from './spending';
import type { WorkItem } from './work-item';

/** Of an execution that has begun and has not settled yet. */
type Account = {
  readonly executionArn: string;
  readonly executionName: string;
  readonly item: WorkItem;
  readonly dryRun: boolean;
};

export type SettleEndedDeps = {
  readonly credits: {
    readonly openAccounts: () => Promise<readonly Account[]>;
    readonly settle: (settlement: {
      readonly account: Account;
      readonly runs: readonly AgentSpending[];
      readonly fruitful: boolean;
    }) => Promise<{ readonly openedBreaker: boolean }>;
  };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly now: () => Date;
};

/**
 * Writes down what executions have spent that ended without doing so: they were aborted, timed out, or RecordSpending could not. One of which
 * Step Functions says nothing keeps its account, and what is reserved in it. True: one of them has opened the circuit breaker.
 */
export const settleEndedAccounts = async (
  isMeant: (account: Account) => boolean,
  deps: SettleEndedDeps,
): Promise<boolean> => {
  let opened = false;
  for (const account of (await deps.credits.openAccounts()).filter(isMeant)) {
    const life = await deps.executionLife(account.executionArn);
    if (!hasEnded(life)) continue;
    const { executionName, item } = account;
    const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
    const fruitful = life === 'succeeded' && (await hasFinishedTask(executionName, deps));
    const { openedBreaker } = await deps.credits.settle({ account, runs, fruitful });
    opened ||= openedBreaker;
  }
  return opened;
};
