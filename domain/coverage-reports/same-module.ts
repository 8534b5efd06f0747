/** `Shop :: Core` and `shop-core` are the same words. */
const wordsOf = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(' ')}`;

const foldersBefore = (file: string, ending: string): readonly string[] =>
  file
    .slice(0, file.length - ending.length)
    .split('/')
    .filter(Boolean);

/** Those below the innermost folder that holds any. */
const nearest = (files: readonly string[], around: readonly string[]): readonly string[] => {
  for (const folder of around) {
    const below = files.filter((file) => folder === '' || file.startsWith(`${folder}/`));
    if (below.length > 0) return below;
  }
  return files;
};

/** Those in a folder that is called as the group, else those in a folder that its name ends with (`core` of `shop-core`); all when there are none. */
const inGroup = (files: readonly string[], ending: string, group: string): readonly string[] => {
  const wanted = wordsOf(group);
  const having = (fits: (folder: string) => boolean) =>
    files.filter((file) =>
      foldersBefore(file, ending).some((folder) => wordsOf(folder) !== ' ' && fits(wordsOf(folder))),
    );
  const same = having((folder) => folder === wanted);
  const close = same.length > 0 ? same : having((folder) => wanted.endsWith(folder));
  return close.length > 0 ? close : files;
};

/**
 * The one of several files with the same `ending` that a report means: of those in the module that the report lies in (`around`: its folders, inside out), the one in the
 * modules that it names (`groups`, the outermost first). Null: it may mean several.
 */
export const sameModule = (
  files: readonly string[],
  {
    ending,
    around,
    groups,
  }: { readonly ending: string; readonly around: readonly string[]; readonly groups: readonly string[] },
): string | null => {
  const left = groups.reduceRight((some, group) => inGroup(some, ending, group), nearest(files, around));
  return left.length === 1 ? (left[0] ?? null) : null;
};
