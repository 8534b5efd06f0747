/** How a state fails: the error name that Retry and Catch match, and its cause. `location` is set when a JSONata field could not be evaluated. */
export class StateFailure extends Error {
  constructor(
    readonly error: string | undefined,
    override readonly cause: string | undefined,
    readonly location?: string,
    /** A second name that Retry and Catch may use; AWS reports a lost heartbeat as States.Timeout. */
    readonly otherName?: string,
  ) {
    super(cause ?? error ?? 'The state failed.');
    this.name = error ?? 'StateFailure';
  }
}

/** What an integration throws to fail its task: `error` is the name that the state machine matches, `cause` a text (often JSON). */
export class TaskFailure extends Error {
  constructor(
    readonly error: string,
    override readonly cause: string,
  ) {
    super(cause);
    this.name = error;
  }
}

/** Thrown inside a branch or an execution that has been stopped from outside; nobody handles it, it only unwinds. */
export class Stopped extends Error {
  constructor() {
    super('Stopped from outside.');
    this.name = 'Stopped';
  }
}

/** An error of the wire API: `name` is the exception as AWS models it. */
export const apiError = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** A fault that no Retry and no Catch may touch (States.Runtime), as AWS documents. */
export const runtimeFailure = (cause: string): StateFailure => new StateFailure('States.Runtime', cause);

/** The `$states.errorOutput` of a failure. AWS sends an empty cause when there is none. */
export const errorOutput = (failure: StateFailure): { readonly Error: string; readonly Cause: string } => ({
  Error: failure.error ?? '',
  Cause: failure.cause ?? '',
});
