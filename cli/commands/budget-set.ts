import * as z from 'zod';
import { BUDGET_SECONDS } from '../../adapters/aws/credit-budget-parameter';
import { type CreditBudget, creditBudgetSchema } from '../../domain/credit-budget';
import { exitCodes, WorkerError } from '../../domain/errors';
import type { Command, CommandInput } from '../command';
import { environmentOptions, withEnvironment } from '../environment-access';

/** Option to the field that it sets. */
const fields = {
  item: 'itemCredits',
  day: 'dayCredits',
  'soft-stop': 'softStopPercent',
  'unknown-run': 'unknownRunCredits',
  'breaker-runs': 'breakerRuns',
  'breaker-minutes': 'breakerMinutes',
} as const satisfies Record<string, keyof CreditBudget>;

const parseLimit = (option: string, text: string): number | null => {
  if (text === 'none') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new WorkerError('ValidationError', `--${option} is "${text}".`, 'Give a number, or "none" for no limit.');
};

const changesIn = ({ options }: CommandInput): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([option, field]) => {
      const text = options[option];
      return typeof text === 'string' ? [[field, parseLimit(option, text)] as const] : [];
    }),
  );

const parseBudget = (value: unknown): CreditBudget => {
  const parsed = creditBudgetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorkerError('ValidationError', `This cannot be a budget:\n${z.prettifyError(parsed.error)}`);
};

export const budgetSet: Command = {
  name: 'budget set',
  summary: 'Changes what agents may cost; takes effect without deploying anything',
  usage:
    'budget set [--item CREDITS] [--day CREDITS] [--soft-stop PERCENT] [--unknown-run CREDITS] [--breaker-runs RUNS] [--breaker-minutes MINUTES] [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    item: 'CREDITS for one item over all its runs; none: no limit',
    day: 'CREDITS of the environment for one day (UTC); none: no limit',
    'soft-stop': 'PERCENT of a budget from which on nothing new is begun',
    'unknown-run': 'CREDITS that a run of unknown cost counts as; more than 0',
    'breaker-runs': 'RUNS in a row without a finished task that open the circuit breaker; none: never',
    'breaker-minutes': 'MINUTES after which it tries again; none: only a person closes it',
    ...environmentOptions,
  },
  positionals: [],
  jsonTakesFile: false,
  run: async (input, context) => {
    const changes = changesIn(input);
    if (Object.keys(changes).length === 0)
      throw new WorkerError('ValidationError', 'Nothing to change.', `Usage: kiro-worker ${budgetSet.usage}`);
    return withEnvironment(input, context, async ({ budget }) => {
      const changed = parseBudget({ ...(await budget.read()), ...changes });
      await budget.write(changed);
      if (input.json) context.print(JSON.stringify({ budget: changed }, null, 2));
      else {
        for (const field of Object.keys(changes))
          context.print(`${field}: ${changed[field as keyof CreditBudget] ?? 'none'}`);
        context.print(
          `\nIt takes effect within ${BUDGET_SECONDS / 60} minutes. Items that are running keep what they were given.`,
        );
      }
      return exitCodes.success;
    });
  },
};
