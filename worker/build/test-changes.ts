import type { Git } from '../../adapters/git/git';
import { type TestChange, testChangeKinds } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import { manifestChanges } from '../../domain/manifest-changes';
import { marksIn, reachesIntoRun, testRoleOf } from '../../domain/test-paths';
import { addedLines } from '../git/added-lines';
import { readBlob } from './read-blob';
import { type Change, readChanges } from './tree-changes';

type Input = { readonly base: string; readonly resultHead: string; readonly testCommand: string };
type Deps = { readonly git: Git };
type Range = { readonly from: string; readonly to: string };

const MOST_BYTES = 4 * 1024 * 1024;
/** More would tell a reviewer nothing more, and a branch of any size must leave a result of a reasonable one. */
const MOST_OF_A_KIND = 500;
const MANIFEST = /(?:^|\/)package\.json$/;

/** Text of a file that is read only to be compared; null also for one that nobody could read. */
const textOf = (commit: string, path: string, deps: Deps): Promise<string | null> =>
  readBlob(
    { commit, path, mostBytes: MOST_BYTES },
    (problem) => new WorkerError('SettingsInvalid', problem),
    deps,
  ).catch(() => null);

/** Every word of the test command, and of the files that it is likely to stand for: a file that one of them names is how it is tested. */
const wordsOfCommands = async ({ resultHead, testCommand }: Input, deps: Deps): Promise<ReadonlySet<string>> => {
  const files = [await textOf(resultHead, 'package.json', deps), await textOf(resultHead, 'Makefile', deps)];
  const words = [testCommand, ...files].join('\n').split(/[\s"'`=;&|()<>\\]+/);
  return new Set(words.map((word) => word.replace(/^(?:\.\/)+/, '')));
};

/** A test more takes nothing away. */
const ofTest = ({ path, before, after }: Change): TestChange | null =>
  before === null ? null : { path, kind: after === null ? 'deleted' : 'changed', parts: [] };

const ofFile = async (
  change: Change,
  words: ReadonlySet<string>,
  { from, to }: Range,
  deps: Deps,
): Promise<TestChange | null> => {
  const { path } = change;
  const role = testRoleOf(path);
  if (role === 'setting') return { path, kind: 'setting', parts: [] };
  if (MANIFEST.test(path)) {
    const parts = manifestChanges(await textOf(from, path, deps), await textOf(to, path, deps));
    return parts.length > 0 ? { path, kind: 'setting', parts: [...parts] } : null;
  }
  if (role === 'test') return ofTest(change);
  return words.has(path) && !path.startsWith('.kiro/') ? { path, kind: 'setting', parts: [] } : null;
};

const marks = async ({ from, to }: Range, { git }: Deps): Promise<readonly TestChange[]> => {
  const found = new Map<string, TestChange>();
  const reader = addedLines(({ path, text }) => {
    if (path.startsWith('.kiro/')) return;
    const kinds = [...marksIn(text), ...(reachesIntoRun(path, text) ? (['reports'] as const) : [])];
    for (const kind of kinds) found.set(`${kind} ${path}`, { path, kind, parts: [] });
  });
  // As text: what attributes, or a character 0, make binary is run all the same.
  const shape = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--text', '-U0', '--full-index'];
  const args = ['diff-tree', '-r', '-p', ...shape, '--src-prefix=a/', '--dst-prefix=b/', from, to];
  await git.run(args, { onStdout: reader.read });
  reader.end();
  return [...found.values()];
};

/** What the branch's pull request changes about its own proof. */
export const readTestChanges = async (input: Input, deps: Deps): Promise<TestChange[]> => {
  const { base, resultHead } = input;
  const from = (await deps.git.run(['merge-base', base, resultHead])).trim();
  const range = { from, to: resultHead };
  const words = await wordsOfCommands(input, deps);
  const changes: TestChange[] = [];
  for (const change of await readChanges(from, resultHead, deps)) {
    const found = await ofFile(change, words, range, deps);
    if (found) changes.push(found);
  }
  const all = [...changes, ...(await marks(range, deps))];
  return testChangeKinds.flatMap((kind) => all.filter((change) => change.kind === kind).slice(0, MOST_OF_A_KIND));
};
