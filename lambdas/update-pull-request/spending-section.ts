import { type CreditBudget, chargeOf, describeSpent, type Spent } from '../../domain/credit-budget';
import { fewLines, inlineText } from '../../domain/markdown';
import { type AgentSpending, spentOfRuns } from '../../domain/spending';
import { describeShare, type SpendingReport } from '../../domain/spending-report';

type Facts = {
  /** Null: it could not be written down yet. */
  readonly report: SpendingReport | null;
  readonly runs: readonly AgentSpending[];
};

const MOST_ROWS = 200;

const secondsOf = ({ startedAt, endedAt }: AgentSpending): string =>
  endedAt === null ? '–' : `${Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)} s`;

const runRow = (run: AgentSpending): string =>
  `| ${inlineText(run.task)} | ${run.credits === null ? 'unknown' : run.credits} | ${secondsOf(run)} |`;

const shareRow = (
  what: string,
  spent: Spent,
  limit: number | null,
  budget: Pick<CreditBudget, 'unknownRunCredits'>,
): string =>
  `| ${what} | ${spent.known} | ${spent.unknownRuns === 0 ? '–' : spent.unknownRuns} | ${describeShare(spent, limit, budget)} |`;

const shares = ({ item, day, budget }: SpendingReport): readonly string[] => [
  '| | credits | runs of unknown cost | of the budget |',
  '|---|---|---|---|',
  shareRow('This item, all runs', item, budget.item, budget),
  shareRow(`The environment on ${inlineText(day.date)} (UTC)`, day, budget.day, budget),
  '',
  ...(item.unknownRuns + day.unknownRuns > 0
    ? [`_A run of unknown cost counts as ${budget.unknownRunCredits}._`, '']
    : []),
];

/** What the agent has cost: in all, against the budgets, and task by task. */
export const spendingSection = ({ report, runs }: Facts): readonly string[] => {
  if (runs.length === 0 && report === null) return [];
  const unknownRunCredits = report?.budget.unknownRunCredits ?? 1;
  const spent = spentOfRuns(runs);
  const inAll =
    runs.length === 0 ? 'The agent has not run.' : `This run: ${describeSpent(spent, { unknownRunCredits })}`;
  return [
    '## Spending',
    '',
    spent.unknownRuns > 0 ? `${inAll}: ${chargeOf(spent, { unknownRunCredits })} in all.` : inAll,
    '',
    ...(report ? shares(report) : ['_It could not be written down yet; the next poll of the board does that._', '']),
    ...(runs.length === 0
      ? []
      : [
          '| task | credits | time |',
          '|---|---|---|',
          ...fewLines(runs.map(runRow), MOST_ROWS, (left) => `| and ${left} more | | |`),
          '',
        ]),
  ];
};
