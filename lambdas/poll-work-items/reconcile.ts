import type { BoardStatus } from '../../domain/board-settings';
import type { DeadLetter } from '../../domain/dead-letter';
import { describeError } from '../../domain/errors';
import { MAX_ATTEMPTS } from '../../domain/lease';
import type { ExecutionLife, LockRow } from '../../domain/lock-row';
import type { ReceiptEntry } from '../../domain/receipt';

export type ReconcileDeps = {
  readonly locks: {
    readonly rows: (state: 'held' | 'requeued' | 'parked') => Promise<readonly LockRow[]>;
    readonly abandon: (row: LockRow, to: 'requeued' | 'parked') => Promise<boolean>;
    readonly markBoardTold: (row: LockRow) => Promise<void>;
  };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly deadLetters: { readonly send: (letter: DeadLetter) => Promise<void> };
  readonly board: { readonly write: (itemId: string, status: BoardStatus) => Promise<void> };
  readonly now: () => Date;
  readonly environment: string;
  readonly release: string;
};

/** The locks as they are after reconciliation: living holders, and items that wait for another try or for a person. */
export type Reconciled = {
  readonly rows: readonly LockRow[];
  readonly living: number;
  readonly entries: readonly ReceiptEntry[];
};

const executionNameOf = (arn: string): string => arn.split(':').at(-1) ?? arn;

const deadLetterOf = (row: LockRow, { environment, release, now }: ReconcileDeps): DeadLetter => ({
  version: 1,
  id: executionNameOf(row.owner).slice(0, 80),
  environment,
  release,
  item: row.item,
  step: 'Unknown',
  error: 'ExecutionAborted',
  cause: `The execution was aborted or timed out (attempt ${row.attempts} of ${MAX_ATTEMPTS}).`,
  executionArn: row.owner,
  buildId: null,
  attempts: row.attempts,
  failedAt: now().toISOString(),
});

const entryOf = (row: LockRow, to: 'requeued' | 'parked', note: string): ReceiptEntry => ({
  itemId: row.itemId,
  title: row.item.title,
  url: row.item.url,
  decision: to === 'parked' ? 'parked' : 'reconciled',
  reason: to === 'parked' ? 'AttemptsUsedUp' : 'ExecutionAborted',
  message:
    (to === 'parked'
      ? `${row.attempts} executions of this item died; a person has to look at it.`
      : `Execution ${row.owner} died in attempt ${row.attempts}; the item is ready again.`) + note,
});

/**
 * ABORTED and TIMED_OUT executions run no Catch, so whoever polls next does for them what their clean-up would have done. It is decided from the lock
 * rows alone: a board that cannot be written delays nothing. First the dead letter, then the row: a crash in between sends the
 * same letter again, under the same id.
 */
export const reconcile = async (deps: ReconcileDeps): Promise<Reconciled> => {
  const held = await deps.locks.rows('held');
  const living: LockRow[] = [];
  const changed: LockRow[] = [];
  const entries: ReceiptEntry[] = [];
  for (const row of held) {
    if ((await deps.executionLife(row.owner)) !== 'ended') {
      living.push(row);
      continue;
    }
    const to = row.attempts >= MAX_ATTEMPTS ? 'parked' : 'requeued';
    await deps.deadLetters.send(deadLetterOf(row, deps));
    if (!(await deps.locks.abandon(row, to))) continue; // another poll, or a redrive, was faster
    const after: LockRow = { ...row, state: to, boardTold: false };
    const note = await tellBoard(after, deps);
    changed.push({ ...after, boardTold: note === '' });
    entries.push(entryOf(row, to, note));
  }
  const waiting = [...(await deps.locks.rows('requeued')), ...(await retryParked(deps))];
  const known = new Set(changed.map(({ itemId }) => itemId));
  return {
    rows: [...living, ...changed, ...waiting.filter(({ itemId }) => !known.has(itemId))],
    living: living.length,
    entries,
  };
};

/** Shows the row's state on the board; says so when that failed, and goes on. */
const tellBoard = async (row: LockRow, deps: ReconcileDeps): Promise<string> => {
  try {
    await deps.board.write(row.itemId, row.state === 'parked' ? 'needsAttention' : 'ready');
    await deps.locks.markBoardTold(row);
    return '';
  } catch (error) {
    return ` The board could not be written: ${describeError(error)}`;
  }
};

const retryParked = async (deps: ReconcileDeps): Promise<readonly LockRow[]> => {
  const parked = await deps.locks.rows('parked');
  for (const row of parked) if (!row.boardTold) await tellBoard(row, deps);
  return parked;
};
