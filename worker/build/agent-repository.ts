import { join } from 'node:path';
import { saysDiskFull } from '../../domain/disk-full-words';
import { WorkerError } from '../../domain/errors';
import type { Sandbox } from './sandbox';
import type { WorkFolder } from './work-folder';

type Input = { readonly branch: string; readonly head: string; readonly baseBranch: string; readonly base: string };
type Deps = { readonly sandbox: Pick<Sandbox, 'runOurs'>; readonly folder: WorkFolder; readonly searchPath: string };

/** Everything comes in as arguments; the objects are borrowed (gitrepository-layout(5), objects/info/alternates), so it takes a moment whatever the size. */
const SCRIPT = `set -e
[ -L .git ] || [ ! -d .git ] || chmod -R u+rwX .git
rm -rf .git
git init -q --template=
mkdir -p .git/objects/info
printf '%s\\n' "$1" > .git/objects/info/alternates
git symbolic-ref HEAD "refs/heads/$2"
git update-ref "refs/heads/$2" "$3"
git update-ref "refs/remotes/origin/$4" "$5"
git config user.name Agent
git config user.email agent@invalid
git read-tree HEAD
`;

/**
 * Puts a repository of its own into the work tree, so that git status, diff and log work for the agent. It is disposable: made anew before each task, never read by us.
 * What an agent commits, configures, hooks in or deletes there has no effect.
 */
export const renewAgentRepository = async (input: Input, { sandbox, folder, searchPath }: Deps): Promise<void> => {
  const { branch, head, baseBranch, base } = input;
  const objects = join(folder.repository, 'objects');
  const end = await sandbox.runOurs({
    command: 'sh',
    args: ['-c', SCRIPT, 'sh', objects, branch, head, baseBranch, base],
    env: { PATH: searchPath, HOME: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' },
  });
  if (end.exitCode === 0) return;
  if (saysDiskFull(end.stderr)) throw new WorkerError('DiskFull', 'The disk is full.', 'Free some space.');
  throw new WorkerError('UnexpectedFault', `The agent's repository cannot be made: ${end.stderr.trim().slice(-500)}`);
};
