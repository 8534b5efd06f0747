import type { BreakerRecord } from '../../domain/circuit-breaker';
import type { CreditBudget, Spent } from '../../domain/credit-budget';
import { readSpending } from '../../domain/read-spending';
import type { AgentSpending } from '../../domain/spending';
import { spendingReportOf } from '../../domain/spending-report';
import { type TellDeps, tellOfBreaker } from '../../domain/tell-of-breaker';
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

type Deps = TellDeps & {
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly credits: {
    readonly settle: (settlement: {
      readonly account: { readonly executionName: string; readonly item: WorkItem; readonly dryRun: boolean };
      readonly runs: readonly AgentSpending[];
      readonly fruitful: boolean;
    }) => Promise<Settled>;
  };
  readonly now: () => Date;
};

/** Settles the execution's account; see the contract. */
export const recordSpending: Task<typeof recordSpendingContract, Deps> = async (input, deps) => {
  const { item, executionName, fruitful, dryRun } = input;
  const runs = await readSpending({ executionName, itemId: item.itemId }, deps);
  const settled = await deps.credits.settle({ account: { executionName, item, dryRun }, runs, fruitful });
  const report = spendingReportOf(settled);
  if (!settled.openedBreaker) return { outcome: runs.length > 0 ? 'recorded' : 'nothing-spent', report, note: null };
  return { outcome: 'breaker-opened', report, note: dryRun ? null : await tellOfBreaker(deps) };
};
