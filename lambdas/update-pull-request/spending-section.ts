import { countOf } from '../../domain/count-of';
import { type CreditBudget, chargeOf, describeSpent, type Spent } from '../../domain/credit-budget';
import { fewLines, inlineText } from '../../domain/markdown';
import { type AgentSpending, spentOfRuns } from '../../domain/spending';
import { describeShare, describeUncounted, type SpendingReport } from '../../domain/spending-report';

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

const isLimited = ({ budget }: Pick<SpendingReport, 'budget'>): boolean => budget.item !== null || budget.day !== null;

/** A command as the agent, and no budget: there is nothing to put into tables. */
const saysNothing = ({ report, runs }: Facts): boolean =>
  report !== null &&
  !isLimited(report) &&
  [spentOfRuns(runs), report.item, report.day].every(({ known }) => known === 0);

/** What this run has cost; what is unknown is counted only against a limit. */
const inAll = ({ report, runs }: Facts): string => {
  const spent = spentOfRuns(runs);
  if (runs.length === 0) return 'The agent has not run.';
  if (!report || !isLimited(report) || spent.unknownRuns === 0) return `This run: ${describeUncounted(spent)}.`;
  return `This run: ${describeSpent(spent, report.budget)}: ${chargeOf(spent, report.budget)} in all.`;
};

const shares = ({ item, day, budget }: SpendingReport): readonly string[] => [
  '| | credits | runs of unknown cost | of the budget |',
  '|---|---|---|---|',
  shareRow('This item, all runs', item, budget.item, budget),
  shareRow(`The environment on ${inlineText(day.date)} (UTC)`, day, budget.day, budget),
  '',
  ...(isLimited({ budget }) && item.unknownRuns + day.unknownRuns > 0
    ? [`_A run of unknown cost counts as ${budget.unknownRunCredits}._`, '']
    : []),
];

/** What the agent has cost: in all, against the budgets, and task by task where the agent says it. */
export const spendingSection = (facts: Facts): readonly string[] => {
  const { report, runs } = facts;
  if (runs.length === 0 && report === null) return [];
  if (saysNothing(facts))
    return [
      '## Spending',
      '',
      runs.length === 0
        ? 'The agent has not run.'
        : `${countOf(runs.length, 'run')} of the agent. It does not say what a run costs, and no budget is set.`,
      '',
    ];
  return [
    '## Spending',
    '',
    inAll(facts),
    '',
    ...(report ? shares(report) : ['_It could not be written down yet; the next poll of the board does that._', '']),
    ...(runs.every(({ credits }) => credits === null)
      ? []
      : [
          '| task | credits | time |',
          '|---|---|---|',
          ...fewLines(runs.map(runRow), MOST_ROWS, (left) => `| and ${left} more | | |`),
          '',
        ]),
  ];
};
