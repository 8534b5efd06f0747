import * as z from 'zod';
import { countOf } from './count-of';
import type { CreditBudget } from './credit-budget';

const runSchema = z.strictObject({
  execution: z.string(),
  itemId: z.string(),
  /** It spent, and no task of it arrived on its branch. */
  fruitless: z.boolean(),
  at: z.iso.datetime(),
});
export type BreakerRun = z.infer<typeof runSchema>;

/** What the circuit breaker remembers: the latest runs that spent something, oldest first, and which of them has opened it. */
export const breakerRecordSchema = z.strictObject({
  recent: z.array(runSchema),
  opened: z.strictObject({ at: z.iso.datetime(), execution: z.string() }).nullable(),
});
export type BreakerRecord = z.infer<typeof breakerRecordSchema>;

export const freshBreaker: BreakerRecord = { recent: [], opened: null };

/** `half-open`: its time is over, and one item at a time shows whether it can be closed. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** A breaker remembers at least as many runs as may be asked for (breakerRuns). */
const MOST_REMEMBERED = 40;

type Settings = Pick<CreditBudget, 'breakerRuns' | 'breakerMinutes'>;

/** Runs in a row, up to now, that spent and brought nothing. */
export const fruitlessInARow = ({ recent }: BreakerRecord): number => {
  const last = recent.findLastIndex(({ fruitless }) => !fruitless);
  return recent.length - 1 - last;
};

/** When an open breaker lets one item through by itself; null: never, or it is not open. */
export const reopensAt = ({ opened }: BreakerRecord, { breakerMinutes }: Settings): Date | null =>
  opened && breakerMinutes !== null ? new Date(Date.parse(opened.at) + breakerMinutes * 60_000) : null;

export const breakerStateOf = (record: BreakerRecord, settings: Settings, now: Date): BreakerState => {
  if (!record.opened || settings.breakerRuns === null) return 'closed';
  const until = reopensAt(record, settings);
  return until && now >= until ? 'half-open' : 'open';
};

/**
 * The record after one more run; a run that it knows already changes nothing. A run that brought something closes it. One that brought nothing and had
 * begun before it opened does not open it again; the one that tried whether it can be closed does.
 */
export const noteRun = (record: BreakerRecord, run: BreakerRun, settings: Settings): BreakerRecord => {
  const { breakerRuns } = settings;
  if (record.recent.some(({ execution }) => execution === run.execution)) return record;
  const recent = [...record.recent, run].slice(-MOST_REMEMBERED);
  if (!run.fruitless) return { recent, opened: null };
  const isOpen = breakerStateOf(record, settings, new Date(run.at)) === 'open';
  const opens = !isOpen && breakerRuns !== null && fruitlessInARow({ ...record, recent }) >= breakerRuns;
  return { recent, opened: opens ? { at: run.at, execution: run.execution } : record.opened };
};

/** What every place says where people look: the comment on the issue, the receipt, the command line. */
export const describeBreaker = (record: BreakerRecord, settings: Settings): string => {
  const until = reopensAt(record, settings);
  const closes = until ? ` One item is tried again after ${until.toISOString()}.` : '';
  return `${countOf(fruitlessInARow(record), 'run')} in a row spent credits and finished no task: nothing more is begun.${closes}`;
};
