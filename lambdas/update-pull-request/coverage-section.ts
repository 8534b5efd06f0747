import type { BuildResult } from '../../domain/build-result';
import { showRanges } from '../../domain/changed-lines';
import { type CoverageMetric, coverageMetrics, percentOf } from '../../domain/coverage';
import { codeSpan } from '../../domain/markdown';
import type { Verdict } from '../../domain/verdict';

const MOST_ROWS = 50;

const list = (title: string, lines: readonly string[], left = 0): readonly string[] => {
  const total = lines.length + left;
  if (total === 0) return [];
  const shown = lines.slice(0, MOST_ROWS);
  const rest = total - shown.length;
  return [title, '', ...shown, ...(rest > 0 ? [`- and ${rest} more`] : []), ''];
};

const paths = (names: readonly string[]): readonly string[] => names.map((name) => `- ${codeSpan(name)}`);

const changedRow = ({ changedLines }: Verdict): readonly string[] => {
  if (!changedLines) return [];
  const { covered, total, threshold, unclear } = changedLines;
  const none = unclear.length > 0 ? 'not known' : 'none that is measured';
  const figure = total === 0 ? none : `${percentOf({ covered, total })} % (${covered}/${total})`;
  return [`| changed lines | – | ${figure} | ${threshold === 0 ? '–' : `${threshold} %`} |`];
};

/** Where few lines are uncovered, the reason at the top has named them all. */
const isSaid = ({ changedLines, reasons }: Verdict): boolean => {
  const { uncovered = [], uncoveredFiles = 0 } = changedLines ?? {};
  const said = reasons.map(({ message }) => message).join('\n');
  return (
    uncovered.length === uncoveredFiles &&
    uncovered.every(({ path, ranges }) =>
      [';', '.'].some((end) => said.includes(`${path}: ${showRanges(ranges)}${end}`)),
    )
  );
};

const changedLists = (verdict: Verdict): readonly string[] => {
  if (!verdict.changedLines) return [];
  const { uncovered, uncoveredFiles, unmeasured, unclear } = verdict.changedLines;
  const lines = uncovered.map(({ path, ranges }) => `- ${codeSpan(path)}: ${showRanges(ranges)}`);
  return [
    ...(isSaid(verdict)
      ? []
      : list('Changed lines that no test executes:', lines, Math.max(0, uncoveredFiles - uncovered.length))),
    ...list('Changed files that the coverage report does not name:', paths(unmeasured)),
    ...list('Changed files of which the report does not say which lines were executed:', paths(unclear)),
  ];
};

/** Totals before and after, the changed lines, and what nobody could say. */
export const coverageSection = (verdict: Verdict, { gate }: Pick<BuildResult, 'gate'>): readonly string[] => {
  const cell = (side: 'before' | 'after', metric: CoverageMetric): string => {
    const ratio = verdict.coverage[side]?.[metric];
    if (!ratio) return '–';
    return ratio.total === 0 ? 'none' : `${percentOf(ratio)} % (${ratio.covered}/${ratio.total})`;
  };
  const needed = (metric: CoverageMetric): string =>
    verdict.coverage.after?.[metric] === null ? 'not judged' : `${Math.max(verdict.threshold, gate[metric])} %`;
  return [
    '## Coverage',
    '',
    '| | before | after | needed |',
    '|---|---|---|---|',
    ...coverageMetrics.map(
      (metric) => `| ${metric} | ${cell('before', metric)} | ${cell('after', metric)} | ${needed(metric)} |`,
    ),
    ...changedRow(verdict),
    '',
    ...changedLists(verdict),
    ...list(
      'Paths in the report that fit several files, and were counted as none of them:',
      paths(verdict.ambiguousPaths),
    ),
  ];
};
