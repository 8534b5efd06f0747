import { hasBorneFruit } from './fruitful';
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
    }) => Promise<unknown>;
  };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly now: () => Date;
};

/**
 * Writes down what executions have spent that ended without doing so: they were aborted, timed out, or RecordSpending could not. One of which
 * Step Functions says nothing keeps its account, and what is reserved in it.
 */
export const settleEndedAccounts = async (
  isMeant: (account: Account) => boolean,
  deps: SettleEndedDeps,
): Promise<void> => {
  for (const account of (await deps.credits.openAccounts()).filter(isMeant)) {
    if (!hasEnded(await deps.executionLife(account.executionArn))) continue;
    const { executionName, item } = account;
    const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
    await deps.credits.settle({ account, runs, fruitful: await hasBorneFruit(executionName, deps) });
  }
};
