/** `1 commit`, `2 commits`, `0 commits`: for texts that people read. The noun is one that takes an s. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
