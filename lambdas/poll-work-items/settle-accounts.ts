import { breakerComment, breakerMarker } from '../../domain/breaker-comment';
import { hasFinishedTask } from '../../domain/has-finished-task';
import type { CreditPosition } from '../../domain/credit-gate';
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
    }) => Promise<{ readonly openedBreaker: boolean }>;
    readonly position: () => Promise<CreditPosition>;
    readonly untoldBreaker: () => Promise<{ readonly executionName: string; readonly item: WorkItem } | null>;
    readonly breakerTold: (executionName: string) => Promise<void>;
  };
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly comments: { readonly put: (subjectId: string, marker: string, body: string) => Promise<void> };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly environment: string;
  readonly now: () => Date;
};

/**
 * Writes down what executions have spent that ended without doing so: they were aborted, timed out, or RecordSpending could not. One of which
 * Step Functions says nothing keeps its account, and what is reserved in it. True: one of them has opened the circuit breaker.
 */
export const settleAccounts = async (deps: SettleDeps): Promise<boolean> => {
  let opened = false;
  for (const account of await deps.credits.openAccounts()) {
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

/**
 * Tells the issue whose run has opened the circuit breaker, if nobody has told it yet. An issue that cannot be told keeps nothing from being done: the
 * breaker is open all the same, and the next tick tries again.
 */
export const tellOfBreaker = async ({ credits, comments, environment }: SettleDeps): Promise<void> => {
  const untold = await credits.untoldBreaker();
  if (!untold) return;
  const { executionName, item } = untold;
  const { breaker, budget } = await credits.position();
  const comment = breakerComment(item, environment, breaker, budget);
  const isTold = await comments.put(item.issueId, breakerMarker(item.itemId), comment).then(
    () => true,
    () => false,
  );
  if (isTold) await credits.breakerTold(executionName);
};
