import type { Report, ReportItem } from '../../local/report/report';
import type { Paint } from './paint';
import { renderTable, shorten } from './table';

const coverageOf = ({ coverage }: ReportItem): string => {
  const lines = (side: 'before' | 'after') => {
    const value = coverage?.[side]?.lines;
    return value === null || value === undefined ? '–' : `${value}`;
  };
  return coverage ? `${lines('before')} → ${lines('after')} %` : '';
};

const pullRequestOf = ({ pullRequest }: ReportItem): string =>
  pullRequest ? `#${pullRequest.number}${pullRequest.isDraft ? ' draft' : ''}` : '';

const paintOutcome = ({ outcome }: ReportItem, paint: Paint): string => {
  if (outcome === 'green') return paint.good(outcome);
  if (outcome === 'skipped' || outcome === 'untouched') return paint.warn(outcome);
  return paint.bad(outcome);
};

const WHY_WIDTH = 84;

/** The end of a run: item, outcome, coverage, pull request and why. */
export const renderItemTable = ({ items }: Report, paint: Paint): readonly string[] =>
  renderTable(
    ['item', 'outcome', 'board', 'coverage', 'PR', 'why'],
    items.map((item) => [
      `#${item.number} ${shorten(item.title, 30)}`,
      paintOutcome(item, paint),
      item.status,
      coverageOf(item),
      pullRequestOf(item),
      item.reason ? shorten(`${item.reason.code}: ${item.reason.message}`.replace(/\s+/g, ' '), WHY_WIDTH) : '',
    ]),
  );
