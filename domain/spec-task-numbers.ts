import type { TaskLine } from './spec-task-line';

/**
 * Takes `T1.1`, `ENV-01` and `1-2` for numbers where at least two tasks have them, and no two the same: then somebody counts. Beside them a lone `VE1` is one, too. `1-2` also needs a `1-1`
 * or a task 1, because `2-8 screenshots` is an amount.
 */
export const adoptLikelyNumbers = (lines: readonly TaskLine[]): readonly TaskLine[] => {
  const families = new Map<string, string[]>();
  for (const { likely } of lines) {
    if (!likely) continue;
    const numbers = families.get(likely.family) ?? [];
    numbers.push(likely.number);
    families.set(likely.family, numbers);
  }
  const isDistinct = (numbers: readonly string[]): boolean => new Set(numbers).size === numbers.length;
  const isCounted = (family: string): boolean => {
    const numbers = families.get(family) ?? [];
    if (numbers.length < 2 || !isDistinct(numbers)) return false;
    const first = /^(\d+)-$/.exec(family)?.[1];
    return first === undefined || numbers.includes(`${first}.1`) || lines.some(({ number }) => number === first);
  };
  const counted = new Set([...families.keys()].filter(isCounted));
  const hasLetters = [...counted].some((family) => !/^\d/.test(family));
  for (const [family, numbers] of families)
    if (hasLetters && !/^\d/.test(family) && isDistinct(numbers)) counted.add(family);
  return lines.map((line) => {
    const { likely } = line;
    return likely && counted.has(likely.family) ? { ...line, number: likely.number, title: likely.title } : line;
  });
};
