/** How an item of the sample is expected to end; `npm start` exits 0 only if every one does. */
export type ExpectedEnd = {
  readonly number: number;
  readonly shows: string;
  readonly outcome: 'green' | 'red' | 'failed' | 'skipped' | 'refused';
  /** A code that the item's reason must carry; null when there is nothing to explain. */
  readonly reason: string | null;
  readonly status: string;
  readonly pullRequest: 'open' | 'draft' | 'none';
};

export const sampleSpecs = ['price-label', 'discount', 'rounding', 'stock', 'invoice', 'newsletter'] as const;

/** A branch without a spec folder: its item must fail at the checkout and say which folder is missing. */
export const branchWithoutSpec = 'wishlist';

/** The item that another worker holds all the time. */
export const heldItemNumber = 5;

/** The item whose agent dies until somebody has mended the cause; then it is redriven. */
export const mendedItem = { number: 6, spec: 'invoice' } as const;

export const expectedEnds: readonly ExpectedEnd[] = [
  {
    number: 1,
    shows: 'spec implemented, tests and coverage good',
    outcome: 'green',
    reason: null,
    status: 'In review',
    pullRequest: 'open',
  },
  {
    number: 2,
    shows: 'code without tests',
    outcome: 'red',
    reason: 'CoverageBelowThreshold',
    status: 'Needs attention',
    pullRequest: 'draft',
  },
  {
    number: 3,
    shows: 'the change breaks a test',
    outcome: 'red',
    reason: 'TestsFailed',
    status: 'Needs attention',
    pullRequest: 'draft',
  },
  {
    number: 4,
    shows: 'the spec folder is missing',
    outcome: 'failed',
    reason: 'SpecMissing',
    status: 'Needs attention',
    pullRequest: 'none',
  },
  {
    number: 5,
    shows: 'another worker holds the item',
    outcome: 'skipped',
    reason: 'HeldByAnother',
    status: 'Ready',
    pullRequest: 'none',
  },
  {
    number: 6,
    shows: 'the agent dies; mended, then redriven from the dead-letter queue',
    outcome: 'green',
    reason: null,
    status: 'In review',
    pullRequest: 'open',
  },
  {
    number: 7,
    shows: 'the agent says it is done, but did nothing',
    outcome: 'failed',
    reason: 'AgentDidNothing',
    status: 'Needs attention',
    pullRequest: 'none',
  },
  {
    number: 8,
    shows: 'the branch is the base itself',
    outcome: 'refused',
    reason: 'BranchForbidden',
    status: 'Ready',
    pullRequest: 'none',
  },
];
