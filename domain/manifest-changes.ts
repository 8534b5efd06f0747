/** Parts of package.json from which tests, coverage tools and their versions are taken; each of their entries is named for itself. */
const NAMED = ['scripts', 'devDependencies', 'overrides'] as const;
/** Settings of tools, named as a whole. */
const WHOLE = ['nyc', 'c8', 'jest', 'mocha', 'ava', 'tap', 'vitest', 'babel', 'workspaces'] as const;

type Entries = Readonly<Record<string, unknown>>;

const entriesOf = (value: unknown): Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};

/** An absent file is an empty one; null when it cannot be read, which says nothing good. */
const parse = (text: string | null): Entries | null => {
  try {
    return entriesOf(JSON.parse((text ?? '{}').replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
};

const differing = (before: Entries, after: Entries, names: Iterable<string>): readonly string[] =>
  [...new Set(names)].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).sort();

/** What two versions of a package.json say differently about tests and how they are measured: `scripts.test`, `nyc`. `unreadable`: one of them is no JSON. */
export const manifestChanges = (before: string | null, after: string | null): readonly string[] => {
  const [old, now] = [parse(before), parse(after)];
  if (old === null || now === null) return ['unreadable'];
  const named = NAMED.flatMap((part) => {
    const [oldPart, nowPart] = [entriesOf(old[part]), entriesOf(now[part])];
    const names = differing(oldPart, nowPart, [...Object.keys(oldPart), ...Object.keys(nowPart)]);
    return names.map((name) => `${part}.${name}`);
  });
  return [...named, ...differing(old, now, WHOLE)];
};
