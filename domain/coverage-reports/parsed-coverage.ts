import type { CoverageTotals } from '../coverage';

/** What a coverage report says, or why it says nothing that can be trusted. `message` tells what was expected where. */
export type ParsedCoverage =
  | {
      readonly kind: 'totals';
      readonly format: 'istanbul-summary' | 'istanbul-detail' | 'lcov';
      readonly totals: CoverageTotals;
    }
  | { readonly kind: 'empty' | 'malformed'; readonly message: string };

export const malformed = (message: string): ParsedCoverage => ({ kind: 'malformed', message });

/** A report in which there is nothing to cover proves nothing. */
export const checkedTotals = (
  format: 'istanbul-summary' | 'istanbul-detail' | 'lcov',
  totals: CoverageTotals,
): ParsedCoverage => {
  for (const [metric, ratio] of Object.entries(totals)) {
    if (ratio === null) continue;
    if (
      !Number.isSafeInteger(ratio.covered) ||
      !Number.isSafeInteger(ratio.total) ||
      ratio.covered < 0 ||
      ratio.total < 0
    )
      return malformed(
        `the figures of ${metric} are not whole numbers of 0 or more (covered ${ratio.covered}, total ${ratio.total})`,
      );
    if (ratio.covered > ratio.total)
      return malformed(`${metric} has more covered (${ratio.covered}) than there are (${ratio.total})`);
  }
  if (totals.lines.total === 0) return { kind: 'empty', message: 'it measured no line at all' };
  return { kind: 'totals', format, totals };
};
