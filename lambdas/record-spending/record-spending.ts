import { breakerComment, breakerMarker } from '../../domain/breaker-comment';
import type { BreakerRecord } from '../../domain/circuit-breaker';
import type { CreditBudget, Spent } from '../../domain/credit-budget';
import { readSpending } from '../../domain/read-spending';
import type { AgentSpending } from '../../domain/spending';
import { spendingReportOf } from '../../domain/spending-report';
import type { WorkItem } from '../../domain/work-item';
import type { Task } from '../_kit/contract';
import type { recordSpendingContract } from './contract';

type Settled = {
  readonly spent: Spent;
  readonly spentOfItem: Spent;
  readonly position: {
    readonly day: string;
    readonly spentToday: Spent;
    readonly budget: CreditBudget;
    readonly breaker: BreakerRecord;
  };
  readonly openedBreaker: boolean;
};

type Deps = {
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly credits: {
    readonly settle: (settlement: {
      readonly account: { readonly executionName: string; readonly item: WorkItem; readonly dryRun: boolean };
      readonly runs: readonly AgentSpending[];
      readonly fruitful: boolean;
    }) => Promise<Settled>;
    readonly breakerTold: (executionName: string) => Promise<void>;
  };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly environment: string;
  readonly now: () => Date;
};

/** Settles the execution's account; see the contract. */
export const recordSpending: Task<typeof recordSpendingContract, Deps> = async (input, deps) => {
  const { item, executionName, fruitful, dryRun } = input;
  const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
  const settled = await deps.credits.settle({ account: { executionName, item, dryRun }, runs, fruitful });
  const report = spendingReportOf(settled);
  if (!settled.openedBreaker) return { outcome: runs.length > 0 ? 'recorded' : 'nothing-spent', report };
  const { breaker, budget } = settled.position;
  if (!dryRun) {
    const comment = breakerComment(item, deps.environment, breaker, budget);
    await deps.comments.put(item.issueId, breakerMarker(item.itemId), comment);
    await deps.credits.breakerTold(executionName);
  }
  return { outcome: 'breaker-opened', report };
};
