type Parts = { readonly numbers: readonly number[]; readonly before: readonly string[] };

/** `v1.4.0-rc.1+build`: numbers, what comes before the release itself, and what has no order. */
const partsOf = (release: string): Parts | null => {
  const [, numbers, before] = /^v?(\d{1,15}(?:\.\d{1,15})*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(release) ?? [];
  return numbers === undefined
    ? null
    : { numbers: numbers.split('.').map(Number), before: before === undefined ? [] : before.split('.') };
};

/** As semantic versioning has it: numbers by value and before words. */
const compareWords = (one: string, other: string): number => {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return Number(one) - Number(other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one < other ? -1 : Number(one > other);
};

const firstDifference = (length: number, compare: (index: number) => number): number => {
  for (let index = 0; index < length; index += 1) {
    const difference = compare(index);
    if (difference !== 0) return difference;
  }
  return 0;
};

const compareBefore = (one: readonly string[], other: readonly string[]): number => {
  // A release comes after everything that leads to it.
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  const common = firstDifference(Math.min(one.length, other.length), (index) =>
    compareWords(one[index] ?? '', other[index] ?? ''),
  );
  return common || one.length - other.length;
};

/** Whether `release` comes before `other`. False when that cannot be told: not every release is a row of numbers. */
export const isOlderRelease = (release: string, other: string): boolean => {
  const [one, two] = [partsOf(release), partsOf(other)];
  if (!one || !two) return false;
  const length = Math.max(one.numbers.length, two.numbers.length);
  const numbers = firstDifference(length, (index) => (one.numbers[index] ?? 0) - (two.numbers[index] ?? 0));
  return (numbers || compareBefore(one.before, two.before)) < 0;
};
