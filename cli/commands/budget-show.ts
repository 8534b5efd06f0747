import { breakerStateOf, fruitlessInARow, reopensAt } from '../../domain/circuit-breaker';
import { countOf } from '../../domain/count-of';
import { softLimitOf } from '../../domain/credit-budget';
import { type CreditPosition, environmentRefusal } from '../../domain/credit-gate';
import { exitCodes } from '../../domain/errors';
import { describeUse } from '../../domain/spending-report';
import { BUDGET_SCHEMA, type BudgetReport } from '../budget-report';
import type { Command } from '../command';
import { environmentOptions, withEnvironment } from '../environment-access';
import { type Accounts, describeReserved, readAccounts } from '../open-accounts';

const limit = (credits: number | null): string => (credits === null ? 'no limit' : countOf(credits, 'credit'));

/** What has been spent and what may be. */
const reportOf = (environment: string, position: CreditPosition, accounts: Accounts, now: Date): BudgetReport => {
  const { budget, day, spentToday, reserved, breaker } = position;
  return {
    $schema: BUDGET_SCHEMA,
    version: 1,
    environment,
    budget,
    day: { date: day, ...spentToday, reserved, softStop: softLimitOf(budget.dayCredits, budget) },
    accounts,
    breaker: {
      state: breakerStateOf(breaker, budget, now),
      fruitlessRuns: fruitlessInARow(breaker),
      triesAgainAt: reopensAt(breaker, budget)?.toISOString() ?? null,
    },
    refusal: environmentRefusal(position, now),
  };
};

const rowsOf = (
  { budget, day, spentToday, reserved }: CreditPosition,
  { breaker, accounts }: BudgetReport,
): readonly (readonly [string, string])[] => [
  ['per item', limit(budget.itemCredits)],
  ['per day', limit(budget.dayCredits)],
  ['soft stop', `at ${budget.softStopPercent} %: no new item is begun, and inside a build no new task`],
  ['unknown runs', `count as ${countOf(budget.unknownRunCredits, 'credit')} each`],
  ['today', `${day} (UTC): ${describeUse(spentToday, budget.dayCredits, budget)}`],
  ['reserved', describeReserved(reserved, accounts)],
  [
    'breaker',
    budget.breakerRuns === null
      ? 'switched off'
      : `${breaker.state}; ${breaker.fruitlessRuns} of ${budget.breakerRuns} runs in a row without a finished task` +
        (breaker.triesAgainAt ? `; tries again after ${breaker.triesAgainAt}` : ''),
  ],
];

export const budgetShow: Command = {
  name: 'budget show',
  summary: 'Shows what agents may cost, what they have cost today, and the circuit breaker',
  usage: 'budget show [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: environmentOptions,
  positionals: [],
  jsonTakesFile: false,
  run: (input, context) =>
    withEnvironment(input, context, async (access) => {
      const { environment, credits, now } = access;
      const position = await credits.position();
      const report = reportOf(environment, position, await readAccounts(access), now());
      if (input.json) context.print(JSON.stringify(report, null, 2));
      else {
        for (const [name, value] of rowsOf(position, report)) context.print(`${name.padEnd(12)}  ${value}`);
        context.print(report.refusal ? `\nNothing is begun now: ${report.refusal.message}` : '\nItems may begin.');
      }
      return exitCodes.success;
    }),
};
