import type { BoardSettings, BoardStatus } from '../../domain/board-settings';
import { type DeadLetter, UNKNOWN_STEP } from '../../domain/dead-letter';
import { describeError, type ErrorCode } from '../../domain/errors';
import { MAX_ATTEMPTS } from '../../domain/lease';
import { type ExecutionLife, hasEnded, type LockRow, type LockState } from '../../domain/lock-row';
import type { ReceiptReason } from '../../domain/receipt-reasons';
import type { Decisions } from './decisions';

export type ReconcileDeps = {
  readonly locks: {
    readonly rows: (state: 'held' | 'requeued' | 'parked') => Promise<readonly LockRow[]>;
    readonly isCurrent: (row: LockRow) => Promise<boolean>;
    readonly abandon: (row: LockRow, to: Exclude<LockState, 'held'>) => Promise<boolean>;
    readonly markBoardTold: (row: LockRow) => Promise<void>;
  };
  readonly executionLife: (executionArn: string) => Promise<ExecutionLife>;
  readonly deadLetters: { readonly send: (letter: DeadLetter) => Promise<void> };
  readonly board: {
    readonly read: (itemId: string) => Promise<string | null>;
    readonly write: (itemId: string, status: BoardStatus) => Promise<unknown>;
  };
  readonly now: () => Date;
  readonly environment: string;
  readonly release: string;
};

/** The locks as they are after reconciliation, by item, and those among them whose execution lives. */
export type Reconciled = {
  readonly rows: ReadonlyMap<string, LockRow>;
  readonly living: readonly LockRow[];
};

/** What becomes of a row whose execution has ended without giving it back. `error` is null when there is nothing to dead-letter. */
type Ending = {
  readonly to: Exclude<LockState, 'held'>;
  readonly error: ErrorCode | null;
  readonly reason: ReceiptReason;
  readonly message: string;
};

type Options = BoardSettings['options'];

const freed = (message: string): Ending => ({ to: 'free', error: null, reason: 'LockForgotten', message });

/** `shown` is the status on the board; undefined when it could not be read, which decides nothing. */
const endingOf = (
  { dryRun, attempts, owner, begun }: LockRow,
  life: ExecutionLife,
  shown: string | null | undefined,
  { ready, inProgress }: Options,
): Ending => {
  if (dryRun) return freed(`The dry run ${owner} ended without giving the item back.`);
  if (life === 'succeeded') return freed(`Execution ${owner} succeeded without giving the item back.`);
  // It had shown its result, or a person has moved the item: finished work must not start again. One that had not begun has changed nothing
  // on the board; it may have been a redrive, whose own dead letter is gone.
  if (life === 'died' && begun && shown !== undefined && shown !== ready && shown !== inProgress)
    return freed(`Execution ${owner} died late; the item stays in "${shown ?? 'no status'}".`);
  // It failed by itself and says so in a dead letter of its own; its clean-up failed, too.
  if (life === 'failed') {
    const message = `Execution ${owner} failed and could not clean up.`;
    return { to: 'parked', error: 'ExecutionFailed', reason: 'ExecutionFailed', message };
  }
  const isLast = attempts >= MAX_ATTEMPTS;
  return {
    to: isLast ? 'parked' : 'requeued',
    error: 'ExecutionAborted',
    reason: isLast ? 'AttemptsUsedUp' : 'ExecutionAborted',
    message: `Execution ${owner} was aborted or timed out in attempt ${attempts} of ${MAX_ATTEMPTS}.`,
  };
};

const deadLetterOf = (
  row: LockRow,
  error: ErrorCode,
  cause: string,
  { environment, release, now }: ReconcileDeps,
): DeadLetter => ({
  version: 1,
  id: (row.owner.split(':').at(-1) ?? row.owner).slice(0, 80),
  environment,
  release,
  item: row.item,
  step: UNKNOWN_STEP,
  error,
  cause,
  executionArn: row.owner,
  buildId: null,
  dryRun: row.dryRun,
  attempts: row.attempts,
  failedAt: now().toISOString(),
});

/**
 * ABORTED and TIMED_OUT executions run no Catch, so whoever polls next does for them what their clean-up would have done. It is decided from the lock
 * rows: a board that cannot be read or written delays nothing. First the dead letter, then the row: a crash in between sends the
 * same letter again, under the same id. A dry run looks and changes nothing.
 */
export const reconcile = async (
  { options }: BoardSettings,
  dryRun: boolean,
  decisions: Decisions,
  deps: ReconcileDeps,
): Promise<Reconciled> => {
  const rows = new Map<string, LockRow>();
  const living: LockRow[] = [];
  for (const state of ['requeued', 'parked'] as const)
    for (const row of await deps.locks.rows(state)) rows.set(row.itemId, row);
  if (!dryRun) for (const row of rows.values()) if (!row.boardTold) await tellBoard(row, options, deps);
  for (const row of await deps.locks.rows('held')) {
    const life = await deps.executionLife(row.owner);
    if (!hasEnded(life)) living.push(row);
    const after = hasEnded(life) && !dryRun ? await endHold(row, life, options, decisions, deps) : row;
    if (after) rows.set(row.itemId, after);
  }
  return { rows, living };
};

/** The row as it is afterwards; null when nothing is left to say about it, or somebody else says it. */
const endHold = async (
  row: LockRow,
  life: ExecutionLife,
  options: Options,
  decisions: Decisions,
  deps: ReconcileDeps,
): Promise<LockRow | null> => {
  if (!(await deps.locks.isCurrent(row))) return null; // the index lags behind: it has given the lock back
  const shown = await deps.board.read(row.itemId).catch(() => undefined);
  const { to, error, reason, message } = endingOf(row, life, shown, options);
  if (error) await deps.deadLetters.send(deadLetterOf(row, error, message, deps));
  if (!(await deps.locks.abandon(row, to))) return null; // another poll, or a redrive, was faster
  const after: LockRow = { ...row, state: to, boardTold: false };
  const note = to === 'free' ? '' : await tellBoard(after, options, deps);
  decisions.add({
    itemId: row.itemId,
    title: row.item.title,
    url: row.item.url,
    decision: to === 'parked' ? 'parked' : 'reconciled',
    reason,
    message: message + note,
  });
  return to === 'free' ? null : after;
};

/**
 * Shows on the board what the lock table knows, unless the item has been moved out of the worker's hands meanwhile. Says so when that failed, and
 * goes on.
 */
const tellBoard = async (
  row: LockRow,
  { ready, inProgress }: Options,
  { board, locks }: ReconcileDeps,
): Promise<string> => {
  try {
    const shown = await board.read(row.itemId);
    const isOurs = shown === ready || shown === inProgress;
    if (isOurs) await board.write(row.itemId, row.state === 'parked' ? 'needsAttention' : 'ready');
    await locks.markBoardTold(row);
    if (!isOurs) return ` It stays in "${shown ?? 'no status'}".`;
    return row.state === 'parked' ? ' A person has to look at it.' : ' The item is ready again.';
  } catch (error) {
    return ` The board could not be written: ${describeError(error)}`;
  }
};
