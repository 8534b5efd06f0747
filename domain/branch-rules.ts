/** A rule of a branch that keeps the worker from pushing its commits: the code of the refusal, what the rule does, and what people can do. */
export type BlockingRule = {
  readonly code: 'PushRestricted' | 'PullRequestRequired' | 'StatusCheckRequired' | 'SignedCommitsRequired';
  readonly does: string;
  readonly remedy: string;
};

const BYPASS = "or let the worker's account bypass it";

const restricted: BlockingRule = {
  code: 'PushRestricted',
  does: 'lets only some accounts push',
  remedy: `Only some may push to this branch. Leave feature branches out of the rule, ${BYPASS}.`,
};
const checks: BlockingRule = {
  code: 'StatusCheckRequired',
  does: 'requires checks before a push',
  remedy: `Checks cannot have run on what is not pushed yet. Require them on the base branch only, ${BYPASS}.`,
};

/** By the type of the rule as REST names it (docs: "Get rules for a branch"). Rules about messages, names, sizes and history are not among them: most commits obey those. */
const BLOCKING: Readonly<Record<string, BlockingRule>> = {
  update: restricted,
  merge_queue: restricted,
  pull_request: {
    code: 'PullRequestRequired',
    does: 'requires a pull request before any push',
    remedy: `The rule for the base branch covers feature branches, too. Leave them out of it, ${BYPASS}.`,
  },
  required_status_checks: checks,
  required_deployments: checks,
  workflows: checks,
  required_signatures: {
    code: 'SignedCommitsRequired',
    does: 'requires signed commits',
    remedy: `The worker's commits are not signed. Require signatures on the base branch only (squash merges are signed by GitHub), ${BYPASS}.`,
  },
};

/** Undefined for a rule that does not keep the worker out. */
export const blockingRule = (type: string): BlockingRule | undefined =>
  Object.hasOwn(BLOCKING, type) ? BLOCKING[type] : undefined;
