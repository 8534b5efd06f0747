import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { listRequirements, type Requirement } from '../../domain/spec-requirements';
import { parseSpecTasks, type SpecTasks } from '../../domain/spec-tasks';
import { readBlob } from './read-blob';

export type Spec = {
  readonly path: string;
  readonly tasksFile: string;
  readonly tasksText: string;
  readonly tasks: SpecTasks;
  /** What requirements.md or bugfix.md asks for. */
  readonly requirements: readonly Requirement[];
  readonly documents: readonly { readonly name: string; readonly text: string }[];
};

/** More than a person would read, and than an agent could take in. */
const MOST_BYTES = 256 * 1024;
const DOCUMENTS = ['requirements.md', 'bugfix.md', 'design.md'] as const;

const KINDS: Readonly<Record<string, string>> = {
  '040000': 'a folder',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};

const kindOf = async (commit: string, path: string, { git }: { readonly git: Git }): Promise<string> => {
  const [mode = ''] = (await git.run(['ls-tree', '-z', commit, '--', path])).split(' ');
  return KINDS[mode] ?? 'not a file';
};

/** The spec as it is committed. @throws SpecMissing, SpecInvalid */
export const readSpec = async (commit: string, path: string, deps: { readonly git: Git }): Promise<Spec> => {
  const read = (name: string): Promise<string | null> =>
    readBlob(
      { commit, path: `${path}/${name}`, mostBytes: MOST_BYTES },
      (problem) =>
        new WorkerError('SpecInvalid', `${path}/${name} cannot be used: ${problem}.`, 'Mend it on the feature branch.'),
      deps,
    );
  const tasksText = await read('tasks.md');
  if (tasksText === null)
    throw new WorkerError(
      'SpecMissing',
      `${path}/tasks.md is ${await kindOf(commit, `${path}/tasks.md`, deps)} on the feature branch.`,
      'Commit the spec there, tasks.md as a file.',
    );
  const documents: { name: string; text: string }[] = [];
  for (const name of DOCUMENTS) {
    const text = await read(name);
    if (text !== null) documents.push({ name, text });
  }
  const asked = documents.filter(({ name }) => name !== 'design.md').map(({ text }) => text);
  const requirements = listRequirements(asked.join('\n\n'));
  return { path, tasksFile: `${path}/tasks.md`, tasksText, tasks: parseSpecTasks(tasksText), requirements, documents };
};
