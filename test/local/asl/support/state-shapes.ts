import { TaskFailure } from '../../../../local/asl/failures';
import type { Integrations } from '../../../../local/asl/strand';

/** A service that gives back its arguments, or fails with the error that they name. */
export const echo: Integrations = async ({ arguments: given }) => {
  const { fail } = (given ?? {}) as { fail?: string };
  if (fail) throw new TaskFailure(fail, 'asked');
  return given;
};

export const last = { End: true };
export const pass = (Output?: unknown, more: object = {}) => ({
  Type: 'Pass',
  ...(Output === undefined ? {} : { Output }),
  ...last,
  ...more,
});
export const task = (given: unknown, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: given,
  ...last,
  ...more,
});
export const value = (expression: string) => ({ S: pass(`{% ${expression} %}`) });
export const choice = (condition: string) => ({
  C: {
    Type: 'Choice',
    Choices: [{ Condition: condition, Next: 'Yes', Assign: { from: 'rule' }, Output: 'rule' }],
    Default: 'No',
    Assign: { from: 'default' },
  },
  Yes: pass(['yes', '{% $from %}', '{% $states.input %}']),
  No: pass(['no', '{% $from %}']),
});
export const inline = (states: object, more: object = {}) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'I', States: states },
  ...last,
  ...more,
});

export type Case = {
  readonly title: string;
  readonly states: object;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: RegExp | string;
};
