import { type CreditLedger, creditLedger } from '../../adapters/aws/credit-ledger';
import type { LockTable } from '../../adapters/aws/lock-table';
import { type CreditBudget, defaultCreditBudget } from '../../domain/credit-budget';
import type { AgentSpending } from '../../domain/spending';
import type { SpendingReport } from '../../domain/spending-report';

export const AT = new Date('2026-11-01T10:00:00.000Z');

export const agentRun = (task: string, credits: number | null, startedAt = AT.toISOString()): AgentSpending => ({
  task,
  startedAt,
  endedAt: startedAt,
  credits,
});

export const spendingReport = (change: Partial<SpendingReport> = {}): SpendingReport => ({
  execution: { known: 3.5, unknownRuns: 0 },
  item: { known: 13.5, unknownRuns: 0 },
  day: { known: 40, unknownRuns: 2, date: '2026-11-01' },
  budget: { item: 100, day: 300, unknownRunCredits: 1 },
  ...change,
});

/** The ledger over a table, at a time and under a budget of the test's own. */
export const ledgerOf = (
  table: Pick<LockTable, 'read' | 'update'>,
  budget: Partial<CreditBudget> = {},
  at: Date = AT,
): CreditLedger => creditLedger({ table, budget: async () => ({ ...defaultCreditBudget, ...budget }), now: () => at });
