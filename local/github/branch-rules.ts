import type { RecordOf } from './records';

type Repository = RecordOf<'Repository'>;
export type BranchRule = Repository['rules'][number];

/** What GitHub says of a push that breaks a rule. */
const WORDS = {
  required_signatures: 'Commits must have verified signatures.',
  pull_request: 'Changes must be made through a pull request.',
  update: 'Cannot update this protected ref.',
  required_status_checks: 'Required status check "build" is expected.',
  non_fast_forward: 'Cannot force-push to this branch',
} as const satisfies Record<BranchRule['type'], string>;

const matches = (pattern: string, branch: string, { defaultBranch }: Repository): boolean => {
  if (pattern === '~ALL') return true;
  if (pattern === '~DEFAULT_BRANCH') return branch === defaultBranch;
  return pattern.endsWith('*') ? branch.startsWith(pattern.slice(0, -1)) : branch === pattern;
};

/** The rules of rulesets that hold for a branch, which need not exist. */
export const rulesFor = (repository: Repository, branch: string): readonly BranchRule[] =>
  repository.rules.filter(({ branches }) => matches(branches, branch, repository));

export type Refusal = { readonly reason: string; readonly words: readonly string[] };

/** Why a push to `ref` is refused, in GitHub's words: what git shows in brackets, and what the server says; null when it is not. */
export const pushRefusalOf = (repository: Repository, ref: string): Refusal | null => {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (repository.protectedBranches.includes(branch))
    return {
      reason: 'protected branch hook declined',
      words: [
        `error: GH006: Protected branch update failed for ${ref}.`,
        `error: You're not authorized to push to this branch.`,
      ],
    };
  const broken = rulesFor(repository, branch).filter(({ type }) => type !== 'non_fast_forward');
  if (broken.length === 0) return null;
  return {
    reason: 'push declined due to repository rule violations',
    words: [
      `error: GH013: Repository rule violations found for ${ref}.`,
      ...broken.flatMap(({ type }) => ['', `- ${WORDS[type]}`]),
      '',
    ],
  };
};
