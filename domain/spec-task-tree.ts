import type { TaskLine } from './spec-task-line';

export type NamedLine = TaskLine & { readonly id: string; readonly parentId: string | null };

/** Nested means at least as far in as Markdown asks for. */
const LEAST_INDENT = 2;

/** The nearest line above that stands further out. */
const aboveByIndent = ({ indent }: TaskLine, before: readonly NamedLine[]): NamedLine | undefined =>
  before.findLast((line) => line.indent + LEAST_INDENT <= indent);

/** The list that the line goes on: the nearest one with the same indentation below the same line. */
const siblingOf = (line: TaskLine, above: NamedLine, before: readonly NamedLine[]): NamedLine | undefined =>
  before.slice(before.indexOf(above) + 1).findLast(({ indent }) => indent === line.indent);

/**
 * Numbers decide who belongs to whom (`1.2` is below `1` even at column 0); without one, the indentation does. A whole number that stands further in is below
 * what stands above it where it begins a list of its own (`1.`), or goes on one.
 */
const parentOf = (line: TaskLine, before: readonly NamedLine[]): string | null => {
  const above = aboveByIndent(line, before);
  const { number } = line;
  if (number === null || above === undefined) return above?.id ?? prefixOf(number, before);
  const dot = number.lastIndexOf('.');
  if (dot >= 0) return prefixOf(number, before) ?? above.id;
  const sibling = siblingOf(line, above, before);
  if (sibling) return sibling.parentId;
  return above.number === null || /^0*1$/.test(number) ? above.id : null;
};

const prefixOf = (number: string | null, before: readonly NamedLine[]): string | null => {
  const dot = number?.lastIndexOf('.') ?? -1;
  if (number === null || dot < 0) return null;
  const prefix = number.slice(0, dot);
  const find = (wanted: string) => before.findLast((line) => line.number === wanted)?.id ?? null;
  // Some count `1.0`, `1.1`, `1.2`, where 1.0 stands above the others.
  return find(prefix) ?? (number === `${prefix}.0` ? null : find(`${prefix}.0`));
};

/** The first of `wanted`, `wanted-2`, `wanted-3` … that nobody has. */
const free = (wanted: string, taken: ReadonlySet<string>): string => {
  for (let place = 2, id = wanted; ; place += 1) {
    if (!taken.has(id)) return id;
    id = `${wanted}-${place}`;
  }
};

/** The next place among the siblings that no number claims. */
const placeBelow = (parentId: string | null, claimed: ReadonlySet<string>): string => {
  for (let place = 1; ; place += 1) {
    const id = parentId === null ? String(place) : `${parentId}.${place}`;
    if (!claimed.has(id)) return id;
  }
};

const idOf = (line: TaskLine, parentId: string | null, taken: Set<string>, claimed: ReadonlySet<string>): string => {
  if (line.number === null) return placeBelow(parentId, new Set([...claimed, ...taken]));
  const isNested = parentId !== null && !line.number.includes('.');
  return free(isNested ? `${parentId}.${line.number}` : line.number, taken);
};

/** Gives every task a parent and an id of its own: its number, its place where it has none, and a counted number where a plan begins to count anew. */
export const nameLines = (lines: readonly TaskLine[]): readonly NamedLine[] => {
  const claimed = new Set(lines.flatMap(({ number }) => number ?? []));
  const taken = new Set<string>();
  const named: NamedLine[] = [];
  for (const line of lines) {
    const parentId = parentOf(line, named);
    const id = idOf(line, parentId, taken, claimed);
    taken.add(id);
    named.push({ ...line, id, parentId });
  }
  return named;
};
