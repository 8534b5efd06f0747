import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import type { Limits } from './limits';
import type { BoundResult } from './read-bound-result';

/** One file as one commit changed it. Modes are git's (`000000`: not there, `120000`: symbolic link, `160000`: submodule). */
export type ChangedFile = {
  readonly commit: string;
  readonly path: string;
  readonly oldMode: string;
  readonly newMode: string;
  /** The object that it is now; zeros when it is gone. */
  readonly object: string;
};

/** All that lies between the recorded head and the result, commit by commit: what a later commit takes back was there. */
export type Change = {
  /** Newest first. */
  readonly commits: readonly string[];
  readonly files: readonly ChangedFile[];
  /** Bytes of every new object, unpacked. */
  readonly sizes: ReadonlyMap<string, number>;
};

/** What was checked out, and what came of it. */
export type CommitRange = Pick<BoundResult, 'head' | 'resultHead'>;

type Deps = { readonly git: Git; readonly limits: Limits };

const tooLarge = (message: string): WorkerError =>
  new WorkerError(
    'ChangeTooLarge',
    message,
    'Split the work into smaller specs, and keep generated files out of the repository.',
  );

/** The commits of one line from head to result: our builds make no merges, so anything else was not made by one. */
const readCommits = async ({ head, resultHead }: CommitRange, { git, limits }: Deps): Promise<readonly string[]> => {
  const crooked = (what: string) =>
    new WorkerError(
      'NotFastForward',
      `The result ${resultHead} ${what} the checked out ${head}.`,
      'Start the item again.',
    );
  if ((await git.ask(['merge-base', '--is-ancestor', head, resultHead])).exitCode !== 0)
    throw crooked('does not descend from');
  const most = limits.commits + 1;
  const listing = await git.run(['rev-list', '--parents', `--max-count=${most}`, resultHead, `^${head}`]);
  const lines = listing
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  if (lines.length > limits.commits) throw tooLarge(`The result has more than ${limits.commits} commits.`);
  const isStraight = lines.every(
    ([, ...parents], index) => parents.length === 1 && parents[0] === (lines[index + 1]?.[0] ?? head),
  );
  if (!isStraight) throw crooked('is not a straight line of commits from');
  return lines.flatMap(([commit]) => commit ?? []);
};

/** Reads `git diff-tree --stdin -z --raw`: an object id before each commit, then pairs of `:modes ids status` and path (git-diff-tree(1)). */
const parseRawDiff = (output: string): readonly ChangedFile[] => {
  const files: ChangedFile[] = [];
  const tokens = output.split('\0');
  let commit = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const [, oldMode, newMode, object] = /^:(\d{6}) (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(token) ?? [];
    if (oldMode === undefined || newMode === undefined || object === undefined) {
      commit = token;
      continue;
    }
    at += 1;
    files.push({ commit, path: tokens[at] ?? '', oldMode, newMode, object });
  }
  return files;
};

const readSizes = async ({ head, resultHead }: CommitRange, git: Git): Promise<ReadonlyMap<string, number>> => {
  const objects = await git.run(['rev-list', '--objects', '--no-object-names', resultHead, `^${head}`]);
  const listing = await git.run(['cat-file', '--batch-check=%(objectname) %(objectsize)'], { stdin: objects });
  return new Map(
    listing
      .trim()
      .split('\n')
      .map((line): [string, number] => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]),
  );
};

/** @throws NotFastForward, ChangeTooLarge */
export const readChange = async (range: CommitRange, deps: Deps): Promise<Change> => {
  const { git, limits } = deps;
  const commits = await readCommits(range, deps);
  const raw = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', '--no-ext-diff'];
  const files = parseRawDiff(await git.run(raw, { stdin: `${commits.join('\n')}\n` }));
  const paths = new Set(files.map(({ path }) => path)).size;
  if (paths > limits.files) throw tooLarge(`The result changes ${paths} files; at most ${limits.files} are pushed.`);
  const sizes = await readSizes(range, git);
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (!(bytes <= limits.changeBytes))
    throw tooLarge(`The result adds ${bytes} bytes of objects; at most ${limits.changeBytes} are pushed.`);
  return { commits, files, sizes };
};
