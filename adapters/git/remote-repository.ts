import { hasCode, WorkerError } from '../../domain/errors';
import { type RetryDeps, retryTransient } from '../../domain/retry-transient';
import type { Git, GitOptions } from './git';
import { pushRefusal } from './push-answer';

export type RemoteBranches = {
  /** Where HEAD points, also when that branch does not exist; null when the server does not say. */
  readonly defaultBranch: string | null;
  /** Commit by short name. */
  readonly tips: ReadonlyMap<string, string>;
};

export type Push = {
  readonly commit: string;
  readonly branch: string;
  /** The push happens only if the branch is still here. */
  readonly expected: string;
};

export type FetchLimits = {
  /** Commits from the tip; absent: all. */
  readonly depth?: number;
  /** What the server leaves out if it can (git-rev-list(1), --filter). */
  readonly filter?: string;
};

/** A repository on a git server, reached with a credential. Transient faults are tried again. */
export type RemoteRepository = {
  readonly readBranches: () => Promise<RemoteBranches>;
  /** Fetches exactly these refs into `git`: full names, source to target. No tags. */
  readonly fetch: (refs: Readonly<Record<string, string>>, limits?: FetchLimits) => Promise<void>;
  /** Pushes one commit to one branch. @throws BranchMoved, PushRefused */
  readonly push: (push: Push) => Promise<void>;
};

type Address = {
  /** `https://github.com`, without a slash at the end. */
  readonly serverUrl: string;
  /** `OWNER/NAME`, checked (domain/work-item.ts). */
  readonly repository: string;
};

type Deps = RetryDeps & {
  readonly git: Git;
  /** Null: the server is asked as anybody may. */
  readonly token: string | null;
};

const TRANSFER_SECONDS = 3_600;
const LIST_SECONDS = 120;

/**
 * The credential goes to git in its environment and to the server in a header, for this repository's address only. It is on no command line, in no address and
 * in no file, and redirects are not followed (sealed-git.ts), so it cannot be carried elsewhere.
 */
const credentialConfig = (url: string, token: string): Record<string, string> => {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new WorkerError(
      'AuthenticationFailed',
      'The git credential is not a token: it holds spaces or control characters.',
    );
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { [`http.${url}.extraHeader`]: `Authorization: Basic ${basic}` };
};

const parseRemoteRefs = (listing: string): RemoteBranches => {
  const tips = new Map<string, string>();
  let defaultBranch: string | null = null;
  for (const line of listing.split('\n')) {
    const [, target] = /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line) ?? [];
    if (target !== undefined) defaultBranch = target;
    const [, tip, branch] = /^([0-9a-f]{40,64})\trefs\/heads\/(.+)$/.exec(line) ?? [];
    if (tip !== undefined && branch !== undefined) tips.set(branch, tip);
  }
  return { defaultBranch, tips };
};

export const openRemote = ({ serverUrl, repository }: Address, deps: Deps): RemoteRepository => {
  const { git } = deps;
  const url = `${serverUrl}/${repository}.git`;
  const options: GitOptions = {
    protocol: url.startsWith('https:') ? 'https' : 'http',
    config: deps.token === null ? {} : credentialConfig(url, deps.token),
  };
  const readBranches = (): Promise<RemoteBranches> =>
    retryTransient(async () => {
      const args = ['ls-remote', '--symref', '--quiet', url, 'HEAD', 'refs/heads/*'];
      return parseRemoteRefs(await git.run(args, { ...options, timeoutSeconds: LIST_SECONDS }));
    }, deps);

  return {
    readBranches,
    fetch: (refs, { depth, filter } = {}) =>
      retryTransient(async () => {
        const flags = [
          '--quiet',
          '--no-tags',
          '--no-write-fetch-head',
          '--no-recurse-submodules',
          '--no-auto-maintenance',
        ];
        const limits = [
          ...(depth === undefined ? [] : [`--depth=${depth}`]),
          ...(filter === undefined ? [] : [`--filter=${filter}`]),
        ];
        const specs = Object.entries(refs).map(([source, target]) => `+${source}:${target}`);
        await git.run(['fetch', ...flags, ...limits, url, ...specs], { ...options, timeoutSeconds: TRANSFER_SECONDS });
      }, deps),
    push: ({ commit, branch, expected }) =>
      retryTransient(async () => {
        const lease = `--force-with-lease=refs/heads/${branch}:${expected}`;
        const flags = [
          '--porcelain',
          '--no-progress',
          '--no-verify',
          '--no-follow-tags',
          '--recurse-submodules=no',
          lease,
        ];
        const args = ['push', ...flags, url, `${commit}:refs/heads/${branch}`];
        const refusal = pushRefusal(
          await git.ask(args, { ...options, timeoutSeconds: TRANSFER_SECONDS }),
          branch,
          repository,
        );
        if (!refusal) return;
        // The answer may have been lost after the push had happened.
        if (hasCode(refusal, 'RepositoryUnreachable', 'BranchMoved')) {
          const { tips } = await readBranches();
          if (tips.get(branch) === commit) return;
        }
        throw refusal;
      }, deps),
  };
};
