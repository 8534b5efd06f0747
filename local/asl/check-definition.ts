import jsonata from 'jsonata';
import { type Definition, definitionSchema, isDistributed, type Sequence, type State } from './definition';
import { expressionIn } from './evaluate';
import { apiError } from './failures';

const invalid = (code: string, message: string, place: string): Error =>
  apiError('InvalidDefinition', `Invalid State Machine Definition: '${code}: ${message} at ${place || '/'}'`);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('INVALID_JSON_DESCRIPTION', (error as Error).message, '/');
  }
};

type Unchecked = { readonly QueryLanguage?: unknown; readonly States?: Readonly<Record<string, Unchecked>> } & {
  readonly Branches?: readonly Unchecked[];
  readonly ItemProcessor?: Unchecked;
};

/** States inside a state do not take over its language but that of the machine, so each has to say it by itself. */
const checkStateLanguages = (sequence: Unchecked | undefined, place: string): void => {
  for (const [name, state] of Object.entries(sequence?.States ?? {})) {
    const here = `${place}/States/${name}`;
    if (state?.QueryLanguage !== 'JSONata') throw otherLanguage(`${here}/QueryLanguage`);
    for (const [index, branch] of [...(state.Branches ?? [])].entries())
      checkStateLanguages(branch, `${here}/Branches[${index}]`);
    checkStateLanguages(state.ItemProcessor, `${here}/ItemProcessor`);
  }
};

const otherLanguage = (place: string): Error =>
  invalid(
    'SCHEMA_VALIDATION_FAILED',
    'This engine runs the JSONata dialect only: set "QueryLanguage": "JSONata"',
    place,
  );

/** JSONPath is refused by name: silence would run it with other results than on AWS. */
const checkLanguage = (definition: unknown): void => {
  const machine = (definition ?? {}) as Unchecked;
  if (machine.QueryLanguage === 'JSONata') return;
  if (machine.QueryLanguage !== undefined) throw otherLanguage('/QueryLanguage');
  checkStateLanguages(machine, '');
};

const targetsOf = (state: State): readonly string[] => {
  const next = 'Next' in state && state.Next !== undefined ? [state.Next] : [];
  const caught = 'Catch' in state ? (state.Catch ?? []).map(({ Next }) => Next) : [];
  const chosen =
    state.Type === 'Choice'
      ? [...state.Choices.map(({ Next }) => Next), ...(state.Default ? [state.Default] : [])]
      : [];
  return [...next, ...caught, ...chosen];
};

const isTerminal = (state: State): boolean =>
  state.Type === 'Succeed' || state.Type === 'Fail' || ('End' in state && state.End === true);

const checkTransition = (state: State, place: string): void => {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return;
  if ((state.Next === undefined) === (state.End !== true)) {
    throw invalid(
      'SCHEMA_VALIDATION_FAILED',
      'These fields are mutually exclusive and one is required: [Next, End]',
      place,
    );
  }
};

const checkWait = (state: State, place: string): void => {
  if (state.Type !== 'Wait' || (state.Seconds === undefined) !== (state.Timestamp === undefined)) return;
  throw invalid('SCHEMA_VALIDATION_FAILED', 'Exactly one of these fields is required: [Seconds, Timestamp]', place);
};

/** States.ALL has to stand alone and in the last entry. */
const checkErrors = (state: State, place: string): void => {
  if (!('Retry' in state || 'Catch' in state)) return;
  for (const [field, entries] of Object.entries({ Retry: state.Retry ?? [], Catch: state.Catch ?? [] })) {
    for (const [index, { ErrorEquals }] of entries.entries()) {
      if (!ErrorEquals.includes('States.ALL')) continue;
      if (ErrorEquals.length > 1 || index < entries.length - 1) {
        throw invalid(
          'SCHEMA_VALIDATION_FAILED',
          'States.ALL must appear alone and in the last entry',
          `${place}/${field}[${index}]`,
        );
      }
    }
  }
};

const checkMap = (state: State, place: string): void => {
  if (state.Type !== 'Map' || isDistributed(state)) return;
  for (const field of ['ToleratedFailureCount', 'ToleratedFailurePercentage', 'Label'] as const) {
    if (state[field] !== undefined) {
      throw invalid(
        'SCHEMA_VALIDATION_FAILED',
        `Field '${field}' is only supported in DISTRIBUTED mode`,
        `${place}/${field}`,
      );
    }
  }
};

const checkExpressions = (value: unknown, place: string): void => {
  if (typeof value === 'string') {
    const source = expressionIn(value);
    if (source === undefined) return;
    try {
      jsonata(source);
    } catch (error) {
      throw invalid('INVALID_JSONATA_EXPRESSION', (error as { message: string }).message, place);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) checkExpressions(member, `${place}/${key}`);
  }
};

const assignedIn = (state: State): readonly string[] => [
  ...('Assign' in state ? Object.keys(state.Assign ?? {}) : []),
  ...('Catch' in state ? (state.Catch ?? []).flatMap(({ Assign }) => Object.keys(Assign ?? {})) : []),
  ...(state.Type === 'Choice' ? state.Choices.flatMap(({ Assign }) => Object.keys(Assign ?? {})) : []),
];

const reachable = (sequence: Sequence): ReadonlySet<string> => {
  const found = new Set<string>();
  const open = [sequence.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const state = sequence.States[name];
    if (state) open.push(...targetsOf(state));
  }
  return found;
};

const checkSequence = (sequence: Sequence, place: string, outer: ReadonlySet<string>, names: Set<string>): void => {
  const states = Object.entries(sequence.States);
  if (!Object.hasOwn(sequence.States, sequence.StartAt)) {
    throw invalid('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${sequence.StartAt}`, `${place}/StartAt`);
  }
  const reached = reachable(sequence);
  const assigned = new Set(states.flatMap(([, state]) => assignedIn(state)));
  for (const [name, state] of states) {
    const here = `${place}/States/${name}`;
    if (names.has(name)) throw invalid('DUPLICATE_STATE_NAME', `Duplicate state name: ${name}`, here);
    names.add(name);
    const missing = targetsOf(state).find((target) => !Object.hasOwn(sequence.States, target));
    if (missing !== undefined) throw invalid('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${missing}`, here);
    if (!reached.has(name)) throw invalid('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, here);
    const shadowed = assignedIn(state).find((variable) => outer.has(variable) || variable === 'states');
    if (shadowed)
      throw invalid('SCHEMA_VALIDATION_FAILED', `Variable ${shadowed} is already defined in an outer scope`, here);
    for (const check of [checkTransition, checkWait, checkErrors, checkMap]) check(state, here);
    checkNested(state, here, new Set([...outer, ...assigned]), names);
  }
  if (!states.some(([, state]) => isTerminal(state)))
    throw invalid('MISSING_END_STATE', 'Workflow has no terminal state', place);
};

const checkNested = (state: State, place: string, scope: ReadonlySet<string>, names: Set<string>): void => {
  if (state.Type === 'Parallel') {
    for (const [index, branch] of state.Branches.entries())
      checkSequence(branch, `${place}/Branches[${index}]`, scope, names);
  }
  // The items of a distributed map are executions of their own: nothing of the outer scope is visible or protected there.
  if (state.Type === 'Map') {
    checkSequence(state.ItemProcessor, `${place}/ItemProcessor`, isDistributed(state) ? new Set() : scope, names);
  }
};

/** Parses and checks a definition as CreateStateMachine does. @throws InvalidDefinition with the place of the first fault. */
export const checkDefinition = (text: string): Definition => {
  const value = parseJson(text);
  checkLanguage(value);
  const parsed = definitionSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid('SCHEMA_VALIDATION_FAILED', issue?.message ?? 'invalid', `/${issue?.path.join('/') ?? ''}`);
  }
  checkSequence(parsed.data, '', new Set(), new Set());
  checkExpressions(parsed.data, '');
  return parsed.data;
};
