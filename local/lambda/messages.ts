/** A failure as Lambda serialises it for the caller. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** To the runtime: one invocation. `event` is JSON, `deadline` milliseconds since 1970. */
export type Invocation = {
  readonly requestId: string;
  readonly event: string;
  readonly deadline: number;
  readonly arn: string;
};

/** From the runtime. `output` is JSON. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: FunctionError }
  | { readonly kind: 'succeeded'; readonly requestId: string; readonly output: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError };
