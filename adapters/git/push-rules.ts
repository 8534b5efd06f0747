import type { ErrorCode } from '../../domain/errors';

type PushRule = { readonly pattern: RegExp; readonly code: ErrorCode; readonly remedy: string };

const BYPASS = 'or let the account of the git credential bypass it';

/**
 * Rules of a repository by the words in which GitHub refuses a push (GH006: protected branch, GH013: ruleset, GH009: secrets), as users have posted them. What
 * keeps everybody out comes first: with it, the others do not matter.
 */
const RULES: readonly PushRule[] = [
  {
    pattern: /GH009|push cannot contain secrets/i,
    code: 'SecretInChange',
    remedy: 'If the secret is real, revoke it. Have the agent read it from the environment, and start the item again.',
  },
  {
    pattern:
      /not authorized to push to this branch|Cannot update this protected ref|creations being restricted|Cannot change this locked branch|branch is locked/i,
    code: 'PushRestricted',
    remedy: `Only some may push to this branch. Leave feature branches out of the rule, ${BYPASS}.`,
  },
  {
    pattern: /must be made through a pull request|made through the merge queue/i,
    code: 'PullRequestRequired',
    remedy: `The rule for the base branch covers feature branches, too. Leave them out of it, ${BYPASS}.`,
  },
  {
    pattern:
      /required status checks?|required workflow|required deployment|waiting on code scanning|checks? (?:is|are) expected/i,
    code: 'StatusCheckRequired',
    remedy: `Checks cannot have run on what is not pushed yet. Require them on the base branch only, ${BYPASS}.`,
  },
  {
    pattern: /must have verified signatures|must be signed|GPG signature/i,
    code: 'SignedCommitsRequired',
    remedy: `The worker's commits are not signed. Require signatures on the base branch only (squash merges are signed by GitHub), ${BYPASS}.`,
  },
  {
    pattern: /without `?workflows?`? (?:scope|permission)/i,
    code: 'PermissionDenied',
    remedy:
      'Commits on the feature branch change .github/workflows: give the git credential that right, or take them out.',
  },
];

/** The rule that these words of GitHub are about; undefined for what has no reason of its own. */
export const findPushRule = (words: string): PushRule | undefined => RULES.find(({ pattern }) => pattern.test(words));
