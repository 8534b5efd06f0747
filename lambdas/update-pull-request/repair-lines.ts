import type { Repair } from '../../domain/build-result';
import { fewLines, inlineText } from '../../domain/markdown';

const MOST_ASKED = 10;

const ENDINGS: Readonly<Record<Repair['ending'], string>> = {
  committed: 'committed',
  'nothing-changed': 'the agent changed nothing',
  failed: 'the agent failed',
  undone: 'what the agent did was undone',
};

const endOf = ({ ending, why, commit }: Repair): string =>
  `${ENDINGS[ending]}${commit ? ` as ${commit.slice(0, 7)}` : ''}${why ? `: ${inlineText(why)}` : ''}`;

/** The turns in which the agent was shown what the gate would refuse. `reasons`: those that still hold, which the reader has seen already. */
export const repairLines = (repairs: readonly Repair[], reasons: readonly string[]): readonly string[] => {
  if (repairs.length === 0) return [];
  const turn = (repair: Repair): readonly string[] => {
    const { asked } = repair;
    const head = `- turn ${repair.turn}: ${endOf(repair)}`;
    if (asked.length > 0 && asked.every((each) => reasons.includes(each)))
      return [`${head} (asked to mend ${asked.length === reasons.length ? 'all' : 'some'} of the reasons above)`];
    const shown = fewLines(asked.map(inlineText), MOST_ASKED, (left) => `and ${left} more`);
    return [`${head}; it was asked to mend:`, ...shown.map((each) => `  - ${each}`)];
  };
  return ['Repair turns, in which the agent was shown what the gate would refuse:', '', ...repairs.flatMap(turn), ''];
};
