import { join } from 'node:path';
import type { Git } from '../../adapters/git/git';
import { inertText, plainLine } from '../../domain/markdown';
import type { SpecTask } from '../../domain/spec-tasks';
import { checkCommit } from './check-commit';
import type { Change } from './tree-changes';
import { WORK } from './unpack';

export type Author = { readonly name: string; readonly email: string };

type Deps = {
  readonly git: Git;
  readonly privateFolder: string;
  readonly now: () => Date;
  readonly secrets: readonly string[];
};

const LONGEST_TITLE = 72;

/** One line, as long as git's own tools show it whole. A title closes no issue, calls nobody and does not keep CI from running. */
export const commitTitle = ({ id, title }: Pick<SpecTask, 'id' | 'title'>): string => {
  const whole = `Task ${id}: ${inertText(plainLine(title))}`.replace(/: $/, '');
  if (whole.length <= LONGEST_TITLE) return whole;
  return `${[...whole]
    .slice(0, LONGEST_TITLE - 1)
    .join('')
    .trimEnd()}…`;
};

const modeOf = async (head: string, path: string, git: Git): Promise<string> =>
  /^(\d{6}) /.exec(await git.run(['ls-tree', '-z', head, '--', path]))?.[1] ?? '100644';

type Commit = {
  /** The commit that the build started from. */
  readonly start: string;
  readonly head: string;
  readonly changes: readonly Change[];
  readonly message: string;
  readonly author: Author;
};

/**
 * Commits exactly `changes` onto `head`, from objects: no hook, filter or configuration of the repository has a part in it, and neither has anything else that
 * lies in the work tree. Returns the new commit, the tip of the work branch. @throws what checkCommit does, and then the tip stays
 */
export const commitChanges = async (
  { start, head, changes, message, author }: Commit,
  { git, privateFolder, now, secrets }: Deps,
): Promise<string> => {
  const index = { variables: { GIT_INDEX_FILE: join(privateFolder, 'commit-index') } };
  const entries = changes.map(({ path, after }) =>
    after ? `${after.mode} ${after.object}\t${path}` : `0 ${'0'.repeat(head.length)}\t${path}`,
  );
  await git.run(['read-tree', head], index);
  await git.run(['update-index', '-z', '--index-info'], { ...index, stdin: `${entries.join('\0')}\0` });
  const tree = (await git.run(['write-tree'], index)).trim();
  const date = `@${Math.floor(now().getTime() / 1000)} +0000`;
  const variables = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const commit = (await git.run(['commit-tree', tree, '-p', head], { stdin: message, variables })).trim();
  await checkCommit({ start, head, commit }, { git, secrets });
  await git.run(['update-ref', WORK, commit, head]);
  return commit;
};

type Input = Omit<Commit, 'message'> & {
  readonly task: Pick<SpecTask, 'id' | 'title'>;
  /** Path and new content of tasks.md. */
  readonly tasksFile: string;
  readonly tasksText: string;
};

/** Commits the changes of a task together with the ticked tasks.md. Returns the new commit. */
export const commitTask = async (input: Input, deps: Deps): Promise<string> => {
  const { start, head, task, changes, tasksFile, tasksText, author } = input;
  const object = (await deps.git.run(['hash-object', '-w', '--stdin'], { stdin: tasksText })).trim();
  const mode = await modeOf(head, tasksFile, deps.git);
  const ticked: Change = { path: tasksFile, before: null, after: { mode, object } };
  const message = `${commitTitle(task)}\n\nKiro-Task: ${task.id}\n`;
  return commitChanges({ start, head, changes: [...changes, ticked], message, author }, deps);
};
