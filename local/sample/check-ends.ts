import type { Report, ReportItem } from '../report/report';
import type { ExpectedEnd } from './sample-items';

const pullRequestOf = ({ pullRequest }: ReportItem): ExpectedEnd['pullRequest'] => {
  if (!pullRequest) return 'none';
  return pullRequest.isDraft ? 'draft' : 'open';
};

const differences = (expected: ExpectedEnd, item: ReportItem): readonly string[] => {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['outcome', expected.outcome, item.outcome],
    ['reason', expected.reason, item.reason?.code ?? null],
    ['status', expected.status, item.status],
    ['pull request', expected.pullRequest, pullRequestOf(item)],
  ];
  return pairs
    .filter(([, wanted, found]) => wanted !== found)
    .map(([what, wanted, found]) => `#${expected.number} ${what}: expected ${wanted}, found ${found}`);
};

/** Where a sample ended otherwise than it says it does; empty when all is as announced. */
export const checkEnds = ({ items }: Report, expectedEnds: readonly ExpectedEnd[]): readonly string[] =>
  expectedEnds.flatMap((expected) => {
    const item = items.find(({ number }) => number === expected.number);
    return item ? differences(expected, item) : [`#${expected.number} is not on the board`];
  });
