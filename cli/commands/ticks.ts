import type { ShelvedReceipt } from '../../adapters/aws/receipt-shelf';
import { exitCodes, WorkerError } from '../../domain/errors';
import { cutText, plainLine } from '../../domain/markdown';
import type { Receipt } from '../../domain/receipt';
import type { Command, CommandInput } from '../command';
import { environmentOptions, withEnvironment } from '../environment-access';
import { createPaint, type Paint } from '../render/paint';
import { renderTable } from '../render/table';

const DAYS = 30;
const MESSAGE_WIDTH = 100;

const limitOf = ({ options }: CommandInput): number => {
  const text = options.limit ?? '20';
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new WorkerError('ValidationError', `--limit is "${text}".`, 'Give a whole number from 1 to 1000.');
};

const paintOutcome = (outcome: Receipt['outcome'], paint: Paint): string => {
  if (outcome === 'items') return paint.good(outcome);
  if (outcome === 'failed' || outcome === 'stopped') return paint.bad(outcome);
  return outcome === 'idle' ? paint.faint(outcome) : paint.warn(outcome);
};

const rowOf = (shelved: ShelvedReceipt, paint: Paint): readonly string[] => {
  if (shelved.kind === 'unreadable') return ['?', paint.bad('unreadable'), shelved.problem];
  const { startedAt, outcome, dryRun, message } = shelved.receipt;
  const what = cutText(plainLine(message), MESSAGE_WIDTH);
  return [startedAt, paintOutcome(outcome, paint) + (dryRun ? ' (dry run)' : ''), what];
};

/** The ticks without what they decided about each item, and which receipts cannot be read. */
const jsonOf = (found: readonly ShelvedReceipt[]) => ({
  ticks: found.flatMap((one) => {
    if (one.kind === 'unreadable') return [];
    const { entries, ...tick } = one.receipt;
    return [tick];
  }),
  unreadable: found.flatMap((one) => (one.kind === 'unreadable' ? [{ key: one.key, problem: one.problem }] : [])),
});

export const ticks: Command = {
  name: 'ticks',
  summary: 'Shows the latest looks at the board: what each began, and why it did not begin more',
  usage: 'ticks [--limit NUMBER] [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: { limit: 'NUMBER of ticks, newest first; default 20', ...environmentOptions },
  positionals: [],
  jsonTakesFile: false,
  run: (input, context) => {
    const limit = limitOf(input);
    return withEnvironment(input, context, async ({ receipts, option }) => {
      const found: ShelvedReceipt[] = [];
      for await (const one of receipts.newestFirst(DAYS)) if (found.push(one) >= limit) break;
      if (input.json) {
        context.print(JSON.stringify(jsonOf(found), null, 2));
        return exitCodes.success;
      }
      if (found.length === 0) {
        context.print(`No tick in the last ${DAYS} days. Is the schedule enabled?`);
        return exitCodes.success;
      }
      const paint = createPaint(context.colors);
      const rows = found.map((one) => rowOf(one, paint));
      for (const line of renderTable(['tick', 'outcome', 'what happened'], rows)) context.print(line);
      context.print(`\nkiro-worker explain ITEM${option} says what became of one item, and why.`);
      return exitCodes.success;
    });
  },
};
