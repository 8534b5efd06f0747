import { artifactPrefix, buildKeys } from '../../domain/artifact-keys';
import { breakerComment, breakerMarker } from '../../domain/breaker-comment';
import type { BreakerRecord } from '../../domain/circuit-breaker';
import type { CreditBudget, Spent } from '../../domain/credit-budget';
import { hasCode } from '../../domain/errors';
import { parseArtifact } from '../../domain/parse-artifact';
import { type AgentSpending, spendingSchema } from '../../domain/spending';
import { spendingReportOf, unreadableSpending } from '../../domain/spending-report';
import type { WorkItem } from '../../domain/work-item';
import type { Task, TaskInput } from '../_kit/contract';
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
      readonly account: { readonly executionName: string; readonly item: WorkItem };
      readonly runs: readonly AgentSpending[];
      readonly fruitful: boolean;
    }) => Promise<Settled>;
  };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly environment: string;
  readonly now: () => Date;
};

type Input = TaskInput<typeof recordSpendingContract>;

/** No file: no agent has run. One that cannot be read, or is of another try: nobody knows, and that never counts as nothing. */
const readRuns = async (
  { executionName, item, lease }: Input,
  { artifacts, now }: Deps,
): Promise<readonly AgentSpending[]> => {
  const { spending: key } = buildKeys(artifactPrefix(executionName));
  try {
    const { itemId, fence, runs } = parseArtifact(await artifacts.readText(key), key, spendingSchema);
    return itemId === item.itemId && fence === lease.fence ? runs : [unreadableSpending(now())];
  } catch (error) {
    if (hasCode(error, 'ResultMissing')) return [];
    if (hasCode(error, 'ResultInvalid')) return [unreadableSpending(now())];
    throw error;
  }
};

/** Settles the execution's account; see the contract. */
export const recordSpending: Task<typeof recordSpendingContract, Deps> = async (input, deps) => {
  const { item, executionName, published, dryRun } = input;
  const runs = await readRuns(input, deps);
  const settled = await deps.credits.settle({ account: { executionName, item }, runs, fruitful: published });
  const report = spendingReportOf(settled);
  if (!settled.openedBreaker) return { outcome: runs.length > 0 ? 'recorded' : 'nothing-spent', report };
  const { breaker, budget } = settled.position;
  if (!dryRun) {
    const comment = breakerComment(item, deps.environment, breaker, budget);
    await deps.comments.put(item.issueId, breakerMarker(item.itemId), comment);
  }
  return { outcome: 'breaker-opened', report };
};
