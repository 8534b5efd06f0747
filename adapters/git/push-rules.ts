import { blockingRule } from '../../domain/branch-rules';
import { type ErrorCode, isErrorCode } from '../../domain/errors';

type PushRule = { readonly code: ErrorCode; readonly remedy: string };

const named = (type: string): PushRule => {
  const { code = '', remedy = '' } = blockingRule(type) ?? {};
  return { code: isErrorCode(code) ? code : 'PushRefused', remedy };
};

const SIGN_ON =
  'The organisation wants single sign-on: authorise the git credential for it (Settings, Developer settings, Configure SSO).';

/**
 * What keeps a push out by the words in which GitHub says so (GH001: size, GH006: protected branch, GH007: addresses, GH009 and GH013: secrets and rulesets), as
 * users have posted them; long ones are broken into lines. What keeps everybody out comes first: with it, the others do not matter. A GH001 that is only a
 * warning stands beside other refusals and is none.
 */
const RULES: readonly (readonly [RegExp, PushRule])[] = [
  [
    /was archived so it is read-only/i,
    { code: 'RepositoryArchived', remedy: 'Unarchive the repository, or take its items off the board.' },
  ],
  [/enabled or enforced SAML|SAML SSO|single sign-on/i, { code: 'PermissionDenied', remedy: SIGN_ON }],
  [
    /GH009|push cannot contain secrets/i,
    {
      code: 'SecretInChange',
      remedy:
        'If the secret is real, revoke it. Have the agent read it from the environment, and start the item again.',
    },
  ],
  [
    /error: GH001|exceeds\s+GitHub[\w ]*'s\s+file\s+size\s+limit|exceeds?\s+(?:the\s+)?maximum\s+(?:allowed\s+)?(?:file\s+)?size|file\s+size\s+(?:is\s+restricted|must|exceeds)/i,
    {
      code: 'ChangeTooLarge',
      remedy:
        'Take the large file out of every commit of the branch (or keep it in Git LFS), and start the item again.',
    },
  ],
  [
    /added\s+to\s+a\s+merge\s+queue|queued\s+for\s+merging/i,
    {
      code: 'BranchQueued',
      remedy:
        'Wait until the queue has merged the pull request of this branch, or take it out of the queue; then start the item again.',
    },
  ],
  [
    /through\s+the\s+merge\s+queue/i,
    {
      code: 'PushRestricted',
      remedy:
        "The merge queue of the base branch covers feature branches, too. Leave them out of its rule, or let the worker's account bypass it.",
    },
  ],
  [
    /not authorized to push to this branch|Cannot update this protected ref|creations being restricted|Cannot change this locked branch|branch is locked/i,
    named('update'),
  ],
  [
    /must be made through a pull request|approv(?:ing|ed)\s+reviews?\s+(?:is|are)\s+required|changes have been requested|review\s+(?:is\s+)?required\s+from/i,
    named('pull_request'),
  ],
  [
    /required status checks?|required workflow|required deployment|waiting on code scanning|checks? (?:is|are) expected/i,
    named('required_status_checks'),
  ],
  [/must have verified signatures|must be signed|GPG signature/i, named('required_signatures')],
  [
    /must\s+not\s+contain\s+merge\s+commits/i,
    {
      code: 'LinearHistoryRequired',
      remedy:
        'The branch holds merge commits, which the worker never makes: rebase it onto its base, and start the item again.',
    },
  ],
  [
    /files?\s+(?:path|extension)s?\s+(?:is|are|must|exceeds?|length)|restricted\s+file|(?:path|extension)s?\s+(?:is|are)\s+restricted/i,
    {
      code: 'FileNotAllowed',
      remedy:
        "The repository's rules forbid a file of this change. Have the spec avoid it, or let the worker's account bypass the rule.",
    },
  ],
  [
    /(?:ref|branch|tag)\s+name\s+must/i,
    { code: 'BranchForbidden', remedy: 'Rename the branch as the rule wants it, and write its new name on the board.' },
  ],
  [
    /commit\s+message\s+must|(?:commit|committer|author)(?:'s)?\s+(?:author\s+)?e-?mail(?:\s+address)?\s+must|GH007|publish a private e-?mail/i,
    {
      code: 'CommitNotAllowed',
      remedy:
        "The rules want other messages or addresses than the worker's commits have. An address is set with commit.email of kiro-worker.yml. Else let its account bypass the rule, or require them on the base branch only and squash.",
    },
  ],
  [
    /without `?workflows?`? (?:scope|permission)|must have workflow scope/i,
    {
      code: 'PermissionDenied',
      remedy:
        'Commits on the feature branch change .github/workflows: give the git credential that right (classic: the scope workflow; App and fine-grained: Workflows), or take them out.',
    },
  ],
  [
    /write access to repository not granted|permission to .* denied|resource not accessible/i,
    {
      code: 'PermissionDenied',
      remedy:
        'Give the git credential "Contents: read and write" for this repository (classic: the scope repo), and its account the role Write.',
    },
  ],
];

/** The rule that these words of GitHub are about; undefined for what has no reason of its own. */
export const findPushRule = (words: string): PushRule | undefined =>
  RULES.find(([pattern]) => pattern.test(words))?.[1];
