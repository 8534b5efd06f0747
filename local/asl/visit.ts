import type { Sequence, State } from './definition';
import type { Scope } from './evaluate';
import { StateFailure } from './failures';
import type { Strand } from './strand';

/** One stay in one state, retries included. */
export type Visit<S extends State = State> = {
  readonly name: string;
  readonly state: S;
  readonly input: unknown;
  readonly strand: Strand;
  readonly enteredEventId: number;
  readonly enteredTime: string;
  /** Runs states inside this one; handed in because containers and the interpreter need each other. */
  readonly runSequence: (sequence: Sequence, input: unknown, strand: Strand) => Promise<unknown>;
  retryCount: number;
};

/** How a state ends: with its output (and its JSON text), what it assigns, and where to go unless it is the end. */
export type Conclusion = {
  readonly output: unknown;
  readonly text: string;
  readonly assigned?: Readonly<Record<string, unknown>> | undefined;
  readonly next?: string | undefined;
};

/** The quota of AWS for the data that goes from state to state. */
export const dataLimitBytes = 262_144;

/** The context object, `$states.context`. */
export const contextOf = (
  visit: Visit,
  extra: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => {
  const counts = ['Task', 'Parallel', 'Map'].includes(visit.state.Type);
  return {
    ...visit.strand.frame.context,
    State: { Name: visit.name, EnteredTime: visit.enteredTime, ...(counts ? { RetryCount: visit.retryCount } : {}) },
    ...(visit.strand.mapItem ? { Map: visit.strand.mapItem } : {}),
    ...extra,
  };
};

/** What expressions of this state see. `more` adds result or errorOutput, and may replace the context. */
export const scopeOf = (visit: Visit, more: Readonly<Record<string, unknown>> = {}): Scope => ({
  states: { input: visit.input, context: contextOf(visit), ...more },
  variables: visit.strand.variables,
});

type Fields = {
  readonly Assign?: Readonly<Record<string, unknown>> | undefined;
  readonly Output?: unknown;
  readonly Next?: string | undefined;
};

/**
 * Evaluates Assign and Output. Both see the variables from before, so expressions of one Assign do not see each other.
 * `place` names the part of the state that holds the fields, e.g. `Catch[0]/`.
 */
export const conclude = async (
  visit: Visit,
  fields: Fields,
  otherwise: unknown,
  options: { readonly place?: string; readonly more?: Readonly<Record<string, unknown>> } = {},
): Promise<Conclusion> => {
  const { evaluator } = visit.strand.frame;
  const { place = '', more = {} } = options;
  const scope = scopeOf(visit, more);
  const assigned =
    fields.Assign &&
    ((await evaluator.template(fields.Assign, `${place}Assign`, scope)) as Readonly<Record<string, unknown>>);
  const output =
    fields.Output === undefined ? otherwise : await evaluator.template(fields.Output, `${place}Output`, scope);
  const text = JSON.stringify(output);
  if (Buffer.byteLength(text) > dataLimitBytes) {
    throw new StateFailure(
      'States.DataLimitExceeded',
      `The state/task '${visit.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return { output, text, assigned, next: fields.Next };
};
