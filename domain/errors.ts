/**
 * Every error that the product raises on purpose.
 *
 * `error.name` is the code: Step Functions matches that string in Retry and Catch, and class names die in minification.
 * `retryable` means that trying the same thing again later may succeed without anybody changing anything.
 * What each code means is in docs/guides/codes.md, in the order of this catalogue; exit codes are in docs/guides/exit-codes.md.
 */
export const exitCodes = {
  success: 0,
  unexpected: 1,
  badInput: 2,
  itemsNotGreen: 3,
  groundMissing: 4,
  remoteRefused: 5,
  interrupted: 130,
} as const;

type Entry = { readonly retryable: boolean; readonly exitCode: number };

const badInput: Entry = { retryable: false, exitCode: exitCodes.badInput };
const item: Entry = { retryable: false, exitCode: exitCodes.itemsNotGreen };
const ground: Entry = { retryable: false, exitCode: exitCodes.groundMissing };
const refused: Entry = { retryable: false, exitCode: exitCodes.remoteRefused };
const transient: Entry = { retryable: true, exitCode: exitCodes.remoteRefused };

export const errorCatalogue = {
  // What somebody typed or wrote into a file.
  ValidationError: badInput,
  BoardFileInvalid: badInput,
  SettingsInvalid: badInput,
  SteeringInvalid: badInput,
  BranchCheckedOut: badInput,
  DeadLetterNotFound: badInput,

  // What the machine lacks.
  GitMissing: ground,
  PortInUse: ground,
  StateInUse: ground,
  DiskFull: ground,
  FolderNotWritable: ground,
  BuildOutputMissing: ground,

  // GitHub and AWS.
  BoardMisconfigured: refused,
  BudgetInvalid: refused,
  AuthenticationFailed: refused,
  SecretMissing: refused,
  PermissionDenied: refused,
  GitHubRefused: refused,
  NotFound: refused,
  RateLimited: transient,
  GitHubUnavailable: transient,
  AwsUnavailable: transient,
  BoardWriteNotVisible: transient,

  // The lock, and whoever holds it.
  LeaseLost: item,
  NoFreeSlot: { retryable: true, exitCode: exitCodes.itemsNotGreen },
  ExecutionAborted: item,
  ExecutionFailed: item,

  // The budget and the circuit breaker.
  CreditsUsedUp: item,
  BreakerOpen: item,

  // The item's repository and spec.
  RepositoryUnreachable: { retryable: true, exitCode: exitCodes.itemsNotGreen },
  RepositoryEmpty: item,
  RepositoryArchived: item,
  BranchNotFound: item,
  BranchForbidden: item,
  BranchMoved: item,
  SpecMissing: item,
  SpecInvalid: item,

  // The build.
  InstallFailed: item,
  AgentNotFound: item,
  AgentUnsupported: item,
  AgentKeyMissing: item,
  AgentKeyRefused: item,
  AgentQuotaUsedUp: item,
  AgentProfileMissing: item,
  AgentMcpFailed: item,
  AgentToolDenied: item,
  AgentNoOutput: { retryable: true, exitCode: exitCodes.itemsNotGreen },
  AgentUnavailable: { retryable: true, exitCode: exitCodes.itemsNotGreen },
  AgentDied: item,
  AgentTimedOut: item,
  AgentStalled: item,
  AgentDidNothing: item,
  BuildTimedOut: item,
  BuildFailed: item,
  ResultMissing: item,
  ResultInvalid: item,

  // What the broker refuses to push.
  ArtifactMismatch: item,
  NotFastForward: item,
  ProtectedPathChanged: item,
  UnsafePath: item,
  SecretInChange: item,
  ChangeTooLarge: item,
  PushRefused: item,
  /** Rules of the repository that keep the worker from pushing. */
  PushRestricted: item,
  PullRequestRequired: item,
  StatusCheckRequired: item,
  SignedCommitsRequired: item,
  LinearHistoryRequired: item,
  BranchQueued: item,
  FileNotAllowed: item,
  CommitNotAllowed: item,

  Interrupted: { retryable: false, exitCode: exitCodes.interrupted },
  UnexpectedFault: { retryable: false, exitCode: exitCodes.unexpected },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorCatalogue;

export const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(errorCatalogue, name);

/** Codes whose failure may pass by itself: what the state machine retries. */
export const retryableCodes: readonly ErrorCode[] = Object.keys(errorCatalogue)
  .filter(isErrorCode)
  .filter((code) => errorCatalogue[code].retryable);

/** An error with a code of the catalogue. The message says what was wrong and where; `remedy` says what to change. */
export class WorkerError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy = '', options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.remedy = remedy;
  }
}

/** Recognises a WorkerError by its name, also when it comes from another bundle's copy of the class. */
export const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): boolean =>
  error instanceof Error && (codes as readonly string[]).includes(error.name);

/** Message and remedy in one sentence, for places that have one line. */
export const describeError = (error: unknown): string => {
  if (error instanceof WorkerError && error.remedy) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
};
