import { type BreakerRecord, describeBreaker } from './circuit-breaker';
import type { CreditBudget } from './credit-budget';
import { inlineText } from './markdown';
import type { WorkItem } from './work-item';

export const breakerMarker = (itemId: string): string => `<!-- kiro-codebuild-worker:breaker:${itemId} -->`;

/** What the issue is told whose run has opened the circuit breaker. */
export const breakerComment = (
  { itemId }: Pick<WorkItem, 'itemId'>,
  { environment, commandOption }: { readonly environment: string; readonly commandOption: string },
  record: BreakerRecord,
  budget: CreditBudget,
): string =>
  [
    breakerMarker(itemId),
    `**The circuit breaker of the environment ${inlineText(environment)} has opened with this run.** ${describeBreaker(record, budget)}`,
    '',
    'Look at the log of the agent first: a key that is refused, a tool that is missing or a spec that nobody can implement costs credits at each try.',
    '',
    `Then close it: \`kiro-worker breaker close${commandOption}\`. See: \`kiro-worker budget show${commandOption}\`.`,
  ].join('\n');
