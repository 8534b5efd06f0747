import { countOf } from '../../domain/count-of';
import { cutText, plainLine } from '../../domain/markdown';
import type { Report, ReportItem } from '../../local/report/report';
import type { Paint } from './paint';
import { renderTable } from './table';

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

/** Boards of more items than this are shown without those that nothing happened to. */
const MANY_ITEMS = 40;

/** The end of a run: item, outcome, board, coverage, pull request and why. */
export const renderItemTable = ({ items }: Report, paint: Paint): readonly string[] => {
  const shown = items.length > MANY_ITEMS ? items.filter(({ outcome }) => outcome !== 'untouched') : items;
  const lines = renderTable(
    ['item', 'outcome', 'board', 'coverage', 'PR', 'why'],
    shown.map((item) => [
      [item.number === 0 ? '' : `#${item.number}`, cutText(plainLine(item.title), 30)].filter(Boolean).join(' '),
      paintOutcome(item, paint),
      plainLine(item.status),
      coverageOf(item),
      pullRequestOf(item),
      item.reason ? cutText(plainLine(`${item.reason.code}: ${item.reason.message}`), WHY_WIDTH) : '',
    ]),
  );
  const hidden = items.length - shown.length;
  return hidden > 0 ? [...lines, `… and ${countOf(hidden, 'item')} left alone.`] : lines;
};
