import { blockingRule } from '../../domain/branch-rules';
import { type ErrorCode, isErrorCode } from '../../domain/errors';

type PushRule = { readonly code: ErrorCode; readonly remedy: string };

const named = (type: string): PushRule => {
  const { code = '', remedy = '' } = blockingRule(type) ?? {};
  return { code: isErrorCode(code) ? code : 'PushRefused', remedy };
};

/**
 * Rules of a repository by the words in which GitHub refuses a push (GH006: protected branch, GH013: ruleset, GH009: secrets), as users have posted them. What
 * keeps everybody out comes first: with it, the others do not matter.
 */
const RULES: readonly (readonly [RegExp, PushRule])[] = [
  [
    /GH009|push cannot contain secrets/i,
    {
      code: 'SecretInChange',
      remedy:
        'If the secret is real, revoke it. Have the agent read it from the environment, and start the item again.',
    },
  ],
  [
    /not authorized to push to this branch|Cannot update this protected ref|creations being restricted|Cannot change this locked branch|branch is locked|merge queue/i,
    named('update'),
  ],
  [/must be made through a pull request/i, named('pull_request')],
  [
    /required status checks?|required workflow|required deployment|waiting on code scanning|checks? (?:is|are) expected/i,
    named('required_status_checks'),
  ],
  [/must have verified signatures|must be signed|GPG signature/i, named('required_signatures')],
  [
    /without `?workflows?`? (?:scope|permission)/i,
    {
      code: 'PermissionDenied',
      remedy:
        'Commits on the feature branch change .github/workflows: give the git credential that right, or take them out.',
    },
  ],
];

/** The rule that these words of GitHub are about; undefined for what has no reason of its own. */
export const findPushRule = (words: string): PushRule | undefined =>
  RULES.find(([pattern]) => pattern.test(words))?.[1];
