import { join } from 'node:path';
import type { Git } from '../../adapters/git/git';
import type { SpecTask } from '../../domain/spec-tasks';
import { checkCommit } from './check-commit';
import type { Change } from './tree-changes';
import { WORK } from './unpack';

export type Author = { readonly name: string; readonly email: string };

type Input = {
  /** The commit that the build started from. */
  readonly start: string;
  readonly head: string;
  readonly task: Pick<SpecTask, 'id' | 'title'>;
  readonly changes: readonly Change[];
  /** Path and new content of tasks.md. */
  readonly tasksFile: string;
  readonly tasksText: string;
  readonly author: Author;
};

type Deps = {
  readonly git: Git;
  readonly privateFolder: string;
  readonly now: () => Date;
  readonly secrets: readonly string[];
};

const LONGEST_TITLE = 72;

/** One line, as long as git's own tools show it whole. */
export const commitTitle = ({ id, title }: Pick<SpecTask, 'id' | 'title'>): string => {
  const whole = `Task ${id}: ${title.replace(/\s+/g, ' ')}`.replace(/: $/, '');
  if (whole.length <= LONGEST_TITLE) return whole;
  return `${[...whole]
    .slice(0, LONGEST_TITLE - 1)
    .join('')
    .trimEnd()}…`;
};

const modeOf = async (head: string, path: string, git: Git): Promise<string> =>
  /^(\d{6}) /.exec(await git.run(['ls-tree', '-z', head, '--', path]))?.[1] ?? '100644';

/**
 * Commits exactly `changes` and the ticked tasks.md onto `head`, from objects: no hook, filter or configuration of the repository has a part in it, and
 * neither has anything else that lies in the work tree. Returns the new commit, the tip of the work branch. @throws what checkCommit does, and then the tip stays
 */
export const commitTask = async (input: Input, { git, privateFolder, now, secrets }: Deps): Promise<string> => {
  const { start, head, task, changes, tasksFile, tasksText, author } = input;
  const index = { variables: { GIT_INDEX_FILE: join(privateFolder, 'commit-index') } };
  const tasksBlob = (await git.run(['hash-object', '-w', '--stdin'], { stdin: tasksText })).trim();
  const entries = [
    ...changes.map(({ path, after }) =>
      after ? `${after.mode} ${after.object}\t${path}` : `0 ${'0'.repeat(head.length)}\t${path}`,
    ),
    `${await modeOf(head, tasksFile, git)} ${tasksBlob}\t${tasksFile}`,
  ];
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
  const message = `${commitTitle(task)}\n\nKiro-Task: ${task.id}\n`;
  const commit = (await git.run(['commit-tree', tree, '-p', head], { stdin: message, variables })).trim();
  await checkCommit({ start, head, commit }, { git, secrets });
  await git.run(['update-ref', WORK, commit, head]);
  return commit;
};
