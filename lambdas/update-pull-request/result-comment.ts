import { countOf } from '../../domain/count-of';
import { fewLines, fitBody, inlineText } from '../../domain/markdown';
import { goOnLine } from './go-on-line';
import type { PullRequestFacts } from './pull-request-body';
import { describeTasks } from './summary-section';

/** Finds our one comment again. People do not see it. */
export const resultMarker = (itemId: string): string => `<!-- kiro-codebuild-worker:result:${itemId} -->`;

/** The one comment, edited at each run: the short form for people who read mail. */
export const resultComment = ({
  item,
  result,
  verdict,
}: Pick<PullRequestFacts, 'item' | 'result' | 'verdict'>): string => {
  const reasons = verdict.reasons.map(({ message }) => `- ${inlineText(message)}`);
  const done = result.commits.length === 0 ? 'nothing was committed' : countOf(result.commits.length, 'commit');
  const { ending, flaky } = result.tests.after;
  const verb = verdict.kind === 'green' ? 'is ready for review' : 'is **not** ready';
  return fitBody(
    [
      resultMarker(item.itemId),
      `The work ${verb}: ${describeTasks(result)}, ${done}, tests ${ending}${flaky ? ' (flaky)' : ''}.`,
      ...(reasons.length > 0 ? ['', ...fewLines(reasons, 50, (left) => `- and ${left} more`)] : []),
      ...(verdict.kind === 'red' ? ['', goOnLine(item)] : []),
    ].join('\n'),
    'the pull request',
  );
};
