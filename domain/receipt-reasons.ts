import type { CreditRefusal } from './credit-gate';

type Words = {
  /** Why an item was, or was not, begun; a sentence for somebody who has never seen this program. */
  readonly meaning: string;
  /** What would change it. */
  readonly change: string;
};

const budgetWords = {
  BreakerOpen: {
    meaning: 'The circuit breaker is open: too many runs in a row spent credits and finished no task.',
    change:
      'Find out from the log of the agent why, then run `kiro-worker breaker close`, or wait until it tries again by itself.',
  },
  BreakerTrial: {
    meaning: 'The circuit breaker lets one item at a time through, and that one is running.',
    change: 'Wait for the running item: if it finishes a task, everything goes on. Or run `kiro-worker breaker close`.',
  },
  DayBudgetUsedUp: {
    meaning: "The environment's credits for this day (UTC) are used up, up to the soft stop.",
    change: 'Wait for the next day (UTC), or raise the limit: `kiro-worker budget set --day CREDITS`.',
  },
  DayBudgetReserved: {
    meaning: "What is left of the environment's credits for this day is reserved for items that are running.",
    change: 'Wait until a running item ends, or raise the limit: `kiro-worker budget set --day CREDITS`.',
  },
  ItemBudgetUsedUp: {
    meaning: 'This item has used up its own credits, up to the soft stop.',
    change:
      'See why it costs so much, make its spec smaller, or raise the limit: `kiro-worker budget set --item CREDITS`.',
  },
} as const satisfies Record<CreditRefusal['reason'], Words>;

/** Every reason that a receipt gives, in words. */
export const receiptReasons = {
  Taken: { meaning: 'It was chosen and begun.', change: 'Nothing: it is being worked on, or has been.' },

  // It waits.
  NoFreeSlot: {
    meaning: 'It is ready; more urgent or older items took the free places.',
    change: 'Wait for its turn, give it a higher priority, or raise maxConcurrentItems of the environment.',
  },
  BehindOthers: {
    meaning: 'It is ready, and hundreds of more urgent or older items stand before it.',
    change: 'Give it a higher priority, or take items off the board that need not be done.',
  },
  BranchBusy: {
    meaning: 'Another item works on the same branch.',
    change: 'Wait until that item has ended, or give one of them a branch of its own.',
  },
  HeldByAnother: {
    meaning: 'An execution is working on it now.',
    change: 'Nothing: wait for its end. If it must stop, stop that execution in Step Functions.',
  },
  InProgressElsewhere: {
    meaning:
      'The board says that it is in progress, but no execution of this worker has it: a person or another program does.',
    change: 'Move it to the ready column to have this worker take it.',
  },
  MovedAway: {
    meaning: 'Its execution died, and somebody has moved it away meanwhile.',
    change: 'Move it to the ready column to have it taken up again.',
  },
  LookUpsUsedUp: {
    meaning: 'So many more urgent items could not be used that this one was not looked at.',
    change: 'Mend or move the refused items that stand before it.',
  },
  ...budgetWords,

  // A person has to do something.
  Archived: { meaning: 'The item is archived on the board.', change: 'Restore it on the board.' },
  Redacted: {
    meaning: 'The token may not see the content of this item.',
    change: "Give the worker's token or App access to the item's repository.",
  },
  DraftIssue: { meaning: 'It is a draft, and belongs to no repository.', change: 'Convert it to an issue.' },
  PullRequest: { meaning: 'It is a pull request, not an issue.', change: 'Add the issue to the board instead.' },
  IssueClosed: {
    meaning: 'Its issue is closed.',
    change: 'Reopen the issue, or move the item out of the ready column.',
  },
  RepositoryNotAllowed: {
    meaning: 'Its repository is not one of those that this worker may work in.',
    change: 'Add the repository to the board settings (`repositories`), or take the item off the board.',
  },
  Blocked: { meaning: 'Other issues block it.', change: 'Close the issues that block it, or remove the relation.' },
  BranchInvalid: { meaning: 'The name of its branch cannot be used.', change: 'Correct the Branch field of the item.' },
  SpecPathInvalid: { meaning: 'The path of its spec cannot be used.', change: 'Correct the Spec field of the item.' },
  NoBranch: {
    meaning: 'Nobody has said on which branch it is to be done.',
    change: 'Fill in the Branch field of the item, or link a branch to its issue.',
  },
  RepositoryArchived: {
    meaning: 'Its repository is archived: nobody can write to it.',
    change: 'Unarchive the repository, or take the item off the board.',
  },
  RepositoryEmpty: { meaning: 'Its repository has no commit yet.', change: 'Push a first commit to the repository.' },
  BranchForbidden: {
    meaning: 'Its branch is the default branch or a protected one.',
    change: 'Name a feature branch in the Branch field of the item.',
  },
  PushRestricted: {
    meaning: 'A rule of its repository lets only some accounts push to its branch.',
    change: "Leave feature branches out of the rule, or let the worker's account bypass it.",
  },
  PullRequestRequired: {
    meaning: 'A rule of its repository wants a pull request before any push to its branch.',
    change: "Let the rule hold for the base branch only, or let the worker's account bypass it.",
  },
  StatusCheckRequired: {
    meaning: 'A rule of its repository wants checks to have passed before a push to its branch.',
    change: "Require checks on the base branch only, or let the worker's account bypass the rule.",
  },
  SignedCommitsRequired: {
    meaning: 'A rule of its repository wants signed commits on its branch.',
    change: "Require signatures on the base branch only, or let the worker's account bypass the rule.",
  },
  WaitsForPerson: {
    meaning: 'It failed, and waits for a person.',
    change:
      'Read the comment on its issue, mend the cause, then move it to the ready column or redrive its dead letter.',
  },
  AttemptsUsedUp: {
    meaning: 'Its executions were aborted or timed out as often as is allowed.',
    change:
      'Find out what ends them (a time limit? an operator?), then move it to the ready column or redrive its dead letter.',
  },

  // What became of an execution that ended without saying so.
  LockForgotten: {
    meaning: 'Its execution ended without giving the item back; that has been put right.',
    change: 'Nothing: the next tick decides anew.',
  },
  ExecutionFailed: {
    meaning: 'Its execution failed and could not clean up.',
    change: 'Look at its dead letter (`kiro-worker dlq list`), mend the cause, then redrive it.',
  },
  ExecutionAborted: {
    meaning: 'Its execution was aborted or timed out; it is taken up again.',
    change: 'Nothing: the next free slot is its.',
  },
} as const satisfies Readonly<Record<string, Words>>;

export type ReceiptReason = keyof typeof receiptReasons;

const isReason = (reason: string): reason is ReceiptReason => Object.hasOwn(receiptReasons, reason);

/** The words of a reason; a receipt of another release may hold one that this one does not know. */
export const wordsOfReason = (reason: string): Words =>
  isReason(reason)
    ? receiptReasons[reason]
    : {
        meaning: `The reason ${reason} is of another release of this program.`,
        change: 'Its message says what to do.',
      };
