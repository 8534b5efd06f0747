import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProgramEnd } from '../../adapters/process/run-program';
import { WorkerError } from '../../domain/errors';
import { createRedactor } from '../../domain/redaction';
import type { ServedRepository } from '../board/board-of-file';
import type { RepositorySource } from './parse-source';
import { createUserGit, type UserGit } from './user-git';

type Options = {
  readonly source: RepositorySource;
  readonly stateFolder: string;
  /** The base branch when the person has named one. */
  readonly base: string | undefined;
  /** Feature branches that will be pushed to. */
  readonly branches: readonly string[];
};

type Deps = { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal };

const OWNER = 'local';

const linesOf = ({ stdout }: ProgramEnd): readonly string[] => stdout.split('\n').filter(Boolean);

/**
 * The repository as the GitHub stand-in serves it: a folder of this machine as it is, an address as a clone in the state folder.
 * Throws ValidationError, RepositoryEmpty, RepositoryUnreachable, BranchNotFound (the base), BranchCheckedOut, GitMissing.
 */
export const openRepository = async (options: Options, deps: Deps): Promise<ServedRepository> => {
  const { source, stateFolder, base, branches } = options;
  const git = createUserGit(deps.env, source.kind === 'address' ? source.credentials : null, deps.signal);
  const path = source.kind === 'folder' ? source.path : await bringClone(source, join(stateFolder, 'clone.git'), git);
  if (source.kind === 'folder') await checkFolder(path, git);
  const defaultBranch = await findBase(path, base, git);
  const pushed = branches.filter((branch) => branch !== defaultBranch); // an item on the base is refused later, by the worker
  if (source.kind === 'folder') await checkWorkTrees(path, pushed, git);
  return { nameWithOwner: `${OWNER}/${source.name}`, path, defaultBranch };
};

const checkFolder = async (path: string, git: UserGit): Promise<void> => {
  const prefix = await git(path, ['rev-parse', '--show-prefix']);
  if (prefix.exitCode !== 0 && /dubious ownership/.test(prefix.stderr))
    throw new WorkerError(
      'ValidationError',
      `git refuses the repository ${path}: it belongs to another user.`,
      `If you trust it: git config --global --add safe.directory ${path}`,
    );
  if (prefix.exitCode !== 0)
    throw new WorkerError('ValidationError', `${path} is not a git repository.`, 'Name the folder of a repository.');
  if (prefix.stdout.trim() !== '')
    throw new WorkerError('ValidationError', `${path} is inside of a repository.`, 'Name its topmost folder.');
  await checkForm(path, git);
};

/** What git would not hand over, and would only say so in the middle of the work. */
const checkForm = async (path: string, git: UserGit): Promise<void> => {
  const { stdout } = await git(path, ['rev-parse', '--is-shallow-repository', '--show-object-format']);
  const [shallow, format] = stdout.trim().split('\n');
  if (shallow === 'true')
    throw new WorkerError(
      'ValidationError',
      `${path} is a shallow clone: what the branches have in common may lie in the history that it lacks.`,
      'Fetch the rest of it: git fetch --unshallow.',
    );
  if (format === 'sha256')
    throw new WorkerError(
      'ValidationError',
      `${path} names its objects by SHA-256, which GitHub does not know.`,
      'Use a repository with the usual object format, sha1.',
    );
};

const checkWorkTrees = async (path: string, branches: readonly string[], git: UserGit): Promise<void> => {
  const worktrees = linesOf(await git(path, ['worktree', 'list', '--porcelain']));
  const isBare = worktrees.includes('bare');
  const checkedOut = worktrees
    .filter((line) => line.startsWith('branch '))
    .map((line) => line.slice('branch refs/heads/'.length));
  const taken = branches.find((branch) => checkedOut.includes(branch));
  if (taken && !isBare)
    throw new WorkerError(
      'BranchCheckedOut',
      `The branch "${taken}" is checked out in ${path}: pushing to it would pull the files from under you.`,
      'Switch to another branch (git switch main) and start again.',
    );
};

/** The branch named by the person; else what origin calls its default, main, master, or the only branch that there is. */
const findBase = async (path: string, named: string | undefined, git: UserGit): Promise<string> => {
  const all = linesOf(await git(path, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/']));
  if (all.length === 0)
    throw new WorkerError('RepositoryEmpty', `The repository ${path} has no commit yet.`, 'Commit something first.');
  if (named !== undefined) {
    if (all.includes(named)) return named;
    throw new WorkerError(
      'ValidationError',
      `There is no branch "${named}" in ${path}.`,
      'Name another one with --base.',
    );
  }
  const origin = await git(path, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const candidates = [
    origin.stdout.trim().replace(/^origin\//, ''),
    'main',
    'master',
    ...(all.length === 1 ? all : []),
  ];
  const found = candidates.find((candidate) => all.includes(candidate));
  if (found) return found;
  throw new WorkerError(
    'ValidationError',
    `It is not clear which branch of ${path} the pull requests are for.`,
    'Name it with --base BRANCH.',
  );
};

/** What git says after what has happened. */
const GOOD_ADVICE = /^(?:Please make sure you have the correct access rights|and the repository exists)/;

const unreachable = (
  { stderr }: ProgramEnd,
  { shown, credentials }: Extract<RepositorySource, { kind: 'address' }>,
) => {
  const [user = '', ...password] = credentials?.userAndPassword.split(':') ?? [];
  const secrets = credentials ? [credentials.userAndPassword, user, password.join(':')] : [];
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !GOOD_ADVICE.test(line));
  const said = createRedactor(secrets)(lines.slice(-2).join(' '));
  return new WorkerError(
    'RepositoryUnreachable',
    `${shown} could not be fetched: ${said}`,
    'Check address and access.',
  );
};

/** A bare clone whose own branches are the worker's; what comes from outside is under refs/remotes/origin. */
const bringClone = async (
  source: Extract<RepositorySource, { kind: 'address' }>,
  folder: string,
  git: UserGit,
): Promise<string> => {
  if (!existsSync(folder)) {
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true }); // left by a run that was killed in here
    mkdirSync(dirname(folder), { recursive: true });
    await must(git(dirname(folder), ['init', '-q', '--bare', draft]));
    await must(git(draft, ['remote', 'add', 'origin', '--', source.url]));
    renameSync(draft, folder);
  }
  const fetched = await git(folder, [
    'fetch',
    '-q',
    '--prune',
    '--no-tags',
    'origin',
    '+refs/heads/*:refs/remotes/origin/*',
  ]);
  if (fetched.exitCode !== 0) throw unreachable(fetched, source);
  await git(folder, ['remote', 'set-head', 'origin', '--auto']); // fails on an empty repository, which is told later
  await followOrigin(folder, git);
  return folder;
};

const must = async (ending: Promise<ProgramEnd>): Promise<ProgramEnd> => {
  const end = await ending;
  if (end.exitCode !== 0) throw new WorkerError('UnexpectedFault', `git failed: ${end.stderr.trim()}`);
  return end;
};

/** Own branches move forward with origin; one that holds work which origin lacks stays where it is. */
const followOrigin = async (folder: string, git: UserGit): Promise<void> => {
  const refs = linesOf(
    await git(folder, ['for-each-ref', '--format=%(objectname) %(refname:lstrip=3)', 'refs/remotes/origin/']),
  );
  for (const ref of refs) {
    const [oid = '', branch = ''] = [ref.slice(0, ref.indexOf(' ')), ref.slice(ref.indexOf(' ') + 1)];
    if (branch === 'HEAD') continue;
    const own = (await git(folder, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`])).stdout.trim();
    const isBehind = own === '' || (await git(folder, ['merge-base', '--is-ancestor', own, oid])).exitCode === 0;
    if (isBehind) await must(git(folder, ['update-ref', `refs/heads/${branch}`, oid]));
  }
};
