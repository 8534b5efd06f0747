import { type BranchRule, readBlockingRules } from '../../adapters/github/branch-rules';
import { mayUseGit } from '../../adapters/github/git-access';
import { type RepositoryFacts, readRepositoryFacts } from '../../adapters/github/repository-facts';
import { blockingRule } from '../../domain/branch-rules';
import { hasCode, WorkerError } from '../../domain/errors';
import type { GitHubAccess } from '../github/open-github';
import { type Finding, findingsOf } from './finding';

/** Rules of which one is enough to keep a push to the default branch out. */
const PROTECTING = new Set(['update', 'pull_request', 'required_status_checks', 'merge_queue']);

const MAY_PUSH = new Set(['WRITE', 'MAINTAIN', 'ADMIN']);

type Say = ReturnType<typeof findingsOf>;
type Place = { readonly repository: string; readonly branch: string; readonly token: string };

const readFacts = async (repository: string, { run }: GitHubAccess): Promise<RepositoryFacts> => {
  const unseen = (cause?: unknown) =>
    new WorkerError(
      'NotFound',
      'The token sees no such repository.',
      'Check its name; give the token access to it (for an organisation with single sign-on, authorise it there).',
      { cause },
    );
  const facts = await readRepositoryFacts(repository, run).catch((error: unknown) => {
    throw hasCode(error, 'NotFound') ? unseen(error) : error;
  });
  if (facts) return facts;
  throw unseen();
};

const checkState = ({ isArchived, defaultBranch, permission }: RepositoryFacts, { good, problem }: Say): Finding[] => [
  ...(isArchived
    ? [problem('repository-state', 'It is archived: nothing can be pushed.', 'Take it out of --repo.')]
    : []),
  ...(defaultBranch === null
    ? [problem('repository-state', 'It has no commit yet.', 'Push a first commit.')]
    : [good('repository-state', `Its default branch is ${defaultBranch}.`)]),
  ...(permission === null
    ? []
    : MAY_PUSH.has(permission)
      ? [good('repository-role', `The account's role is ${permission}.`)]
      : [problem('repository-role', `The account's role is ${permission}.`, 'Give it the role Write.')]),
];

const checkGit = async ({ repository, token }: Place, { address }: GitHubAccess, say: Say): Promise<Finding[]> => {
  const place = { serverUrl: address.serverUrl, repository };
  const remedy = 'Give the token "Contents: read and write" (classic: the scope repo) for this repository.';
  if (!(await mayUseGit(place, 'git-upload-pack', token)))
    return [say.problem('git-fetch', 'git may not fetch from it with this token.', remedy)];
  const mayPush = await mayUseGit(place, 'git-receive-pack', token);
  return [
    say.good('git-fetch', 'git may fetch from it.'),
    mayPush
      ? say.good('git-push', 'git may push to it.')
      : say.problem('git-push', 'git may not push to it with this token.', remedy),
  ];
};

const checkDefaultBranch = (
  { isProtected, defaultBranch }: RepositoryFacts,
  rules: readonly BranchRule[],
  { good, warning }: Say,
): Finding => {
  const holding = rules.filter(({ type }) => PROTECTING.has(type));
  const branch = defaultBranch ?? '';
  if (isProtected || holding.some(({ mayBypass }) => mayBypass !== true))
    return good('default-branch', `Pushes to ${branch} are refused, as they must be.`);
  return warning(
    'default-branch',
    holding.length > 0
      ? `The rules of ${branch} can be bypassed with this token.`
      : `${branch} is not protected: whoever gets hold of the token can push to it.`,
    'Protect it (Settings, Rules): require a pull request, and let the worker bypass nothing. The worker itself never pushes there.',
  );
};

const checkFeatureBranch = (branch: string, rules: readonly BranchRule[], say: Say): Finding[] => {
  const blocking = rules.filter(({ mayBypass }) => mayBypass !== true);
  if (blocking.length === 0) return [say.good('feature-branch', `No rule keeps the worker from pushing ${branch}.`)];
  return blocking.map(({ type, mayBypass }) => {
    const { does = type, remedy = '' } = blockingRule(type) ?? {};
    const rule = `A rule for ${branch} ${does}`;
    return mayBypass === null
      ? say.warning('feature-branch', `${rule}; whether the token may bypass it cannot be told.`, remedy)
      : say.problem('feature-branch', `${rule}, so finished work could not be pushed.`, remedy);
  });
};

/** Whether the worker may do in one repository what it must, and may not do what it must not. Nothing is written. */
export const checkRepository = async (
  repository: string,
  branch: string,
  github: GitHubAccess,
): Promise<readonly Finding[]> => {
  const say = findingsOf('repository', repository);
  const { apiUrl } = github.address;
  try {
    const facts = await readFacts(repository, github);
    const [owner = '', name = ''] = repository.split('/');
    const token = await github.tokens.of({ owner, repository: name });
    const rulesOf = (of: string) => readBlockingRules({ apiUrl, repository, branch: of }, token);
    const git = await checkGit({ repository, branch, token }, github, say);
    if (facts.defaultBranch === null) return [...checkState(facts, say), ...git];
    return [
      ...checkState(facts, say),
      ...git,
      checkDefaultBranch(facts, await rulesOf(facts.defaultBranch), say),
      ...checkFeatureBranch(branch, await rulesOf(branch), say),
    ];
  } catch (error) {
    return [say.failed('repository-access', error)];
  }
};
