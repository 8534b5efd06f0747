import type { Git } from '../../adapters/git/git';

/** One path that differs between two trees, as `git diff-tree --raw` says it (git-diff-tree(1)). */
export type Change = {
  readonly path: string;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
};

export type TreeEntry = { readonly mode: string; readonly object: string };

export const SYMLINK = '120000';
export const SUBMODULE = '160000';

const entry = (mode: string, object: string): TreeEntry | null => (mode === '000000' ? null : { mode, object });

/** Every path that differs; renames are a removal and an addition. */
export const readChanges = async (
  from: string,
  to: string,
  { git }: { readonly git: Git },
): Promise<readonly Change[]> => {
  const raw = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', from, to]);
  const fields = raw.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, oldMode = '', newMode = '', oldObject = '', newObject = ''] =
      /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]$/.exec(fields[at] ?? '') ?? [];
    changes.push({ path: fields[at + 1] ?? '', before: entry(oldMode, oldObject), after: entry(newMode, newObject) });
  }
  return changes;
};
