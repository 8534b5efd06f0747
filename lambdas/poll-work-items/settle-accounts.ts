import { breakerComment, breakerMarker } from '../../domain/breaker-comment';
import type { BreakerRecord } from '../../domain/circuit-breaker';
import type { CreditBudget } from '../../domain/credit-budget';
import { type ExecutionLife, hasEnded } from '../../domain/lock-row';
import { readSpending } from '../../domain/read-spending';
import type { AgentSpending } from '../../domain/spending';
import type { WorkItem } from '../../domain/work-item';

type Account = {
  readonly executionArn: string;
  readonly executionName: string;
  readonly item: WorkItem;
  readonly dryRun: boolean;
};

export type SettleDeps = {
  readonly credits: {
    readonly openAccounts: () => Promise<readonly Account[]>;
    readonly settle: (settlement: {
      readonly account: Account;
      readonly runs: readonly AgentSpending[];
      readonly fruitful: boolean;
    }) => Promise<{
      readonly openedBreaker: boolean;
      readonly position: { readonly budget: CreditBudget; readonly breaker: BreakerRecord };
    }>;
  };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly environment: string;
  readonly now: () => Date;
};

/**
 * Writes down what executions have spent that ended without doing so: they were aborted, timed out, or RecordSpending could not. One of which
 * Step Functions says nothing keeps its account, and what is reserved in it.
 */
export const settleAccounts = async (deps: SettleDeps): Promise<void> => {
  for (const account of await deps.credits.openAccounts()) {
    const life = await deps.executionLife(account.executionArn);
    if (!hasEnded(life)) continue;
    const { executionName, item } = account;
    const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
    const { openedBreaker, position } = await deps.credits.settle({ account, runs, fruitful: life === 'succeeded' });
    if (!openedBreaker || account.dryRun) continue;
    const comment = breakerComment(item, deps.environment, position.breaker, position.budget);
    await deps.comments.put(item.issueId, breakerMarker(item.itemId), comment);
  }
};
