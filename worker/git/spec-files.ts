import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';

/** Where a spec is looked for: `commit` is a full ref or an object id, `branch` is for messages. */
export type SpecPlace = { readonly commit: string; readonly branch: string; readonly specPath: string };

const missing = (what: string, specPath: string): WorkerError =>
  new WorkerError(
    'SpecMissing',
    what,
    `Commit the spec to ${specPath} on that branch (tasks.md, and requirements.md or bugfix.md), or name its folder in the item.`,
  );

const KINDS: Readonly<Record<string, string>> = {
  '040000': 'a folder',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};

/** Mode by name of what is in a tree; null when `tree` is none. */
const listTree = async (git: Git, tree: string): Promise<ReadonlyMap<string, string> | null> => {
  const { exitCode, stdout } = await git.ask(['ls-tree', '-z', tree]);
  if (exitCode !== 0) return null;
  const entries = stdout.split('\0').flatMap((line): [string, string][] => {
    const [, mode, name] = /^(\d{6}) \w+ [0-9a-f]+\t([\s\S]+)$/.exec(line) ?? [];
    return mode === undefined || name === undefined ? [] : [[name, mode]];
  });
  return new Map(entries);
};

/** Why the folder cannot be read: each part of its path is looked at, so that the message names the one that is wrong. */
const explainFolder = async (place: SpecPlace, git: Git, depth = 0): Promise<WorkerError> => {
  const { commit, branch, specPath } = place;
  const parts = specPath.split('/');
  const above = await listTree(git, `${commit}:${parts.slice(0, depth).join('/')}`);
  const mode = above?.get(parts[depth] ?? '');
  if (mode === '040000' && depth + 1 < parts.length) return explainFolder(place, git, depth + 1);
  const path = parts.slice(0, depth + 1).join('/');
  return mode === undefined
    ? missing(`There is no folder ${path} on the branch "${branch}".`, specPath)
    : missing(`${path} on the branch "${branch}" is ${KINDS[mode] ?? 'a file'}, not a folder.`, specPath);
};

/**
 * The spec's files, as paths in the repository. Only regular files count: a symbolic link could lead anywhere, a submodule is another repository.
 * @throws SpecMissing naming the file or folder and the branch
 */
export const readSpecFiles = async (place: SpecPlace, { git }: { readonly git: Git }): Promise<readonly string[]> => {
  const { commit, branch, specPath } = place;
  const entries = await listTree(git, `${commit}:${specPath}`);
  if (!entries) throw await explainFolder(place, git);
  const regular = [...entries].filter(([, mode]) => mode.startsWith('100')).map(([name]) => name);
  const describe = (name: string): string => {
    const mode = entries.get(name);
    if (mode === undefined) return `There is no ${specPath}/${name} on the branch "${branch}".`;
    return `${specPath}/${name} on the branch "${branch}" is ${KINDS[mode] ?? 'no regular file'}, not a file.`;
  };
  if (!regular.includes('tasks.md')) throw missing(describe('tasks.md'), specPath);
  if (!regular.includes('requirements.md') && !regular.includes('bugfix.md')) {
    const odd = ['requirements.md', 'bugfix.md'].find((name) => entries.has(name));
    const neither = `There is neither ${specPath}/requirements.md nor ${specPath}/bugfix.md on the branch "${branch}".`;
    throw missing(odd ? describe(odd) : neither, specPath);
  }
  return regular.sort().map((name) => `${specPath}/${name}`);
};
