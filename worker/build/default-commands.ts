import * as z from 'zod';
import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import type { RepositorySettings } from '../../domain/repository-settings';
import { readBlob } from './read-blob';
import { SETTINGS_FILE } from './read-settings';

export type BuildCommands = {
  /** Null: there is nothing to install. */
  readonly install: string | null;
  readonly test: string;
};

type Deps = { readonly git: Git };

const MOST_BYTES = 4 * 1024 * 1024;
const entries = z.record(z.string(), z.unknown()).default({});
const manifestSchema = z.object({
  scripts: entries,
  dependencies: entries,
  devDependencies: entries,
  optionalDependencies: entries,
  peerDependencies: entries,
  workspaces: z.unknown().optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

const invalid = (problem: string, remedy: string): WorkerError => new WorkerError('SettingsInvalid', problem, remedy);

const readText = (commit: string, path: string, deps: Deps): Promise<string | null> =>
  readBlob(
    { commit, path, mostBytes: MOST_BYTES },
    (problem) => invalid(`${path} cannot be read: ${problem}.`, 'Mend it on the feature branch.'),
    deps,
  );

const readManifest = async (commit: string, deps: Deps): Promise<Manifest | null> => {
  const text = await readText(commit, 'package.json', deps);
  if (text === null) return null;
  try {
    return manifestSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : 'a field has the wrong type';
    throw invalid(`package.json cannot be used: ${why}.`, 'Mend it on the feature branch.');
  }
};

/** Scripts that `npm install` runs, even without dependencies. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

const needsInstall = ({ scripts, workspaces, ...manifest }: Manifest): boolean =>
  workspaces !== undefined ||
  INSTALL_SCRIPTS.some((script) => script in scripts) ||
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies, manifest.peerDependencies].some(
    (dependencies) => Object.keys(dependencies).length > 0,
  );

/** The command that the settings name, else the one that fits what lies in `commit`; null when there is nothing to install. @throws SettingsInvalid */
export const findInstall = async (
  commit: string,
  { install: { command } }: Pick<RepositorySettings, 'install'>,
  deps: Deps,
): Promise<string | null> => {
  if (command !== undefined) return command.trim() || null;
  const manifest = await readManifest(commit, deps);
  if (!manifest || !needsInstall(manifest)) return null;
  for (const lock of ['package-lock.json', 'npm-shrinkwrap.json'])
    if ((await deps.git.run(['ls-tree', '-z', commit, '--', lock])) !== '') return 'npm ci';
  return 'npm install';
};

const findTest = async (
  commit: string,
  { test: { command } }: Pick<RepositorySettings, 'test'>,
  deps: Deps,
): Promise<string> => {
  if (command !== undefined) return command;
  const manifest = await readManifest(commit, deps);
  if (manifest && 'test' in manifest.scripts) return 'npm test';
  const makefile = await readText(commit, 'Makefile', deps);
  if (makefile !== null && /^test[ \t]*:(?!=)/m.test(makefile)) return 'make test';
  const looked = manifest ? 'package.json has no script "test"' : 'there is no package.json';
  throw invalid(
    `No command that runs the tests was found: ${looked}, no Makefile with a target "test", and ${SETTINGS_FILE} names none.`,
    `Write test.command into ${SETTINGS_FILE} on the base branch, or give package.json a script "test".`,
  );
};

/** How to install and test what lies in `commit`. @throws SettingsInvalid when no test command can be found */
export const findCommands = async (
  commit: string,
  settings: Pick<RepositorySettings, 'install' | 'test'>,
  deps: Deps,
): Promise<BuildCommands> => ({
  install: await findInstall(commit, settings, deps),
  test: await findTest(commit, settings, deps),
});
