/**
 * Where one execution's files are in the artifacts bucket. The prefixes are also the boundaries of IAM: the git project writes
 * checkout/ and publish/, the builder writes build/, only the gate writes verdicts/, and only UpdatePullRequest writes previews/.
 */
export const artifactPrefix = (executionName: string): string => `builds/${executionName}`;

export const checkoutKeys = (prefix: string) => ({
  bundle: `${prefix}/checkout/source.bundle`,
  result: `${prefix}/checkout/checkout.json`,
  error: `${prefix}/checkout/error.json`,
});

/** All that the builder leaves. */
export const buildFolder = (prefix: string): string => `${prefix}/build/`;

export const buildKeys = (prefix: string) => ({
  bundle: `${prefix}/build/result.bundle`,
  result: `${prefix}/build/result.json`,
  error: `${prefix}/build/error.json`,
  changedLines: `${prefix}/build/changed-lines.ndjson`,
  spending: `${prefix}/build/spending.json`,
  log: (name: string) => `${prefix}/build/logs/${name}`,
  coverage: (when: 'before' | 'after', fileName: string) => `${prefix}/build/coverage/${when}/${fileName}`,
});

export const publishKeys = (prefix: string) => ({
  result: `${prefix}/publish/publish.json`,
  error: `${prefix}/publish/error.json`,
});

export const verdictKey = (executionName: string): string => `verdicts/${executionName}.json`;

/** The pull request that a dry run would have opened. */
export const previewKey = (executionName: string): string => `previews/${executionName}.md`;

/** Receipts sort by time: one listing answers "what happened lately". */
export const receiptKey = (startedAt: string, executionName: string): string =>
  `receipts/${startedAt.slice(0, 10)}/${startedAt}-${executionName}.json`;
