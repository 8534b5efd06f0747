import type { TaskContract, TaskInput } from '../lambdas/_kit/contract';
import { expression, quoted } from './jsonata';
import { taskRetries } from './retry-rules';

/** A value for every field of a task's input: a JSONata expression, or a constant. */
type InputExpressions<C> = { readonly [K in keyof TaskInput<C>]: unknown };

type Options<C> = {
  readonly input: InputExpressions<C>;
  /** Variables to set from `$states.result.Payload`. */
  readonly assign?: Readonly<Record<string, unknown>>;
  readonly next: string;
  /** Where every error goes that is not retried, or no longer; absent: the execution fails. */
  readonly onError?: readonly unknown[];
};

/** A Task state that calls a task: payload, timeout and retries come from its contract. */
export const invokeTask = <I, O>(
  contract: TaskContract<I, O>,
  functionArn: (task: string) => string,
  options: Options<TaskContract<I, O>>,
): object => ({
  Type: 'Task',
  Comment: contract.purpose,
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn(contract.name), Payload: options.input },
  // Lambda ends the function itself at its timeout; this one is for an invocation that never answers.
  TimeoutSeconds: contract.timeoutSeconds + 30,
  Retry: taskRetries(contract.errors),
  ...(options.onError ? { Catch: options.onError } : {}),
  ...(options.assign ? { Assign: options.assign } : {}),
  Output: expression('$states.result.Payload'),
  Next: options.next,
});

/** Keeps what failed in `$failure` and goes on to `next`. The build's id is found in the Cause, which may be cut off anywhere. */
export const catchFailure = (
  step: string,
  next: string,
  alsoAssign: Readonly<Record<string, unknown>> = {},
): readonly unknown[] => [
  {
    ErrorEquals: ['States.ALL'],
    Assign: {
      ...alsoAssign,
      failure: expression(
        `(
          $cause := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : "";
          $build := $match($cause, /"Id"\\s*:\\s*"([^"]+)"/, 1);
          {
            "step": ${quoted(step)},
            "error": $exists($states.errorOutput.Error) ? $states.errorOutput.Error : "Unknown",
            "cause": $cause,
            "buildId": $exists($build) ? $build.groups[0] : null
          }
        )`.replace(/\s*\n\s*/g, ' '),
      ),
    },
    Next: next,
  },
];
