import { mayUseGit } from '../../adapters/github/git-access';
import { readTokenFacts } from '../../adapters/github/token-facts';
import type { BoardSettings } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import { lackingGrants } from '../doctor/app-grants';
import type { GitHubAccess } from '../github/open-github';

const denied = (what: string, remedy: string) =>
  new WorkerError('PermissionDenied', `--publish needs more than this token may do: ${what}`, remedy);

const checkApp = (grants: Readonly<Record<string, string>>, { ownerKind }: BoardSettings): void => {
  const lacking = lackingGrants(grants, ownerKind);
  if (lacking.length === 0) return;
  throw denied(
    `the GitHub App may not write ${lacking.join(', ')}.`,
    'Give it these permissions, and accept the change where it is installed: docs/guides/github.md.',
  );
};

const checkToken = async (
  token: string,
  { owner, number }: BoardSettings,
  viewerCanUpdate: boolean,
  { address }: GitHubAccess,
): Promise<void> => {
  if (!viewerCanUpdate)
    throw denied(
      `it may read the board ${owner}/${number}, and not move its items.`,
      'Give the account the role Write on the board.',
    );
  const { scopes } = await readTokenFacts(address.apiUrl, token);
  if (scopes && !scopes.includes('project'))
    throw denied('it lacks the scope project.', 'Add the scope project where tokens are made.');
};

/**
 * Whether this credential may write everything that a run with --publish writes: the board, its issues, and each repository. Asked before anything is paid for;
 * nothing is written. @throws WorkerError PermissionDenied, and what GitHub may answer
 */
export const checkMayPublish = async (
  settings: BoardSettings,
  { viewerCanUpdate }: { readonly viewerCanUpdate: boolean },
  github: GitHubAccess,
): Promise<void> => {
  const { tokens, address } = github;
  const grants = await tokens.grants({ owner: settings.owner });
  if (grants) checkApp(grants, settings);
  else await checkToken(await tokens.of({ owner: settings.owner }), settings, viewerCanUpdate, github);
  for (const repository of settings.repositories) {
    const [owner = '', name = ''] = repository.split('/');
    const token = await tokens.of({ owner, repository: name, permissions: { contents: 'write' } });
    if (await mayUseGit({ serverUrl: address.serverUrl, repository }, 'git-receive-pack', token)) continue;
    throw denied(
      `git may not push to ${repository}, or the repository is archived.`,
      'Give it "Contents: read and write" (classic: the scope repo) for this repository, or take the repository out of --repo.',
    );
  }
};
