import jsonata from 'jsonata';
import type { Clock } from './clock';
import { StateFailure } from './failures';
import { addedFunctions } from './jsonata-functions';
import type { Randomness } from './randomness';

/** What an expression sees: `$states` and the variables in scope. */
export type Scope = {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
};

export type Evaluator = {
  /** Replaces every `{% … %}` string in a template by its value. `field` names the place in messages, e.g. `Output` or `Choices[0]/Assign`. */
  readonly template: (template: unknown, field: string, scope: Scope) => Promise<unknown>;
  /** A template that has to give one type of value. */
  readonly typed: <T extends keyof TypeNames>(
    template: unknown,
    type: T,
    field: string,
    scope: Scope,
  ) => Promise<TypeNames[T]>;
};

type TypeNames = { readonly boolean: boolean; readonly number: number; readonly string: string };

/** The expression inside `{% … %}`, or nothing: strings around or between are not interpolated. */
export const expressionIn = (text: string): string | undefined =>
  text.length >= 4 && text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2).trim() : undefined;

const evaluationMs = 5_000;
const evaluationDepth = 500;

const failed = (expression: string, field: string, what: string): StateFailure =>
  new StateFailure(
    'States.QueryEvaluationError',
    `The JSONata expression '${expression}' specified for the field '${field}' ${what}`,
    field,
  );

/** AWS ends the sentence before a coded JSONata message and goes on with a colon before any other. */
const thrown = (error: unknown): string => {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return `threw an error during evaluation${code ? `. ${code}: ` : ': '}${message ?? String(error)}`;
};

const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** A result of the wrong type, in the words of AWS. */
export const wrongType = (template: unknown, expected: string, value: unknown, field: string): StateFailure => {
  const expression = typeof template === 'string' ? (expressionIn(template) ?? template) : JSON.stringify(template);
  return failed(
    expression,
    field,
    `returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
  );
};

const prepare = (source: string, functions: ReturnType<typeof addedFunctions>): jsonata.Expression => {
  const expression = jsonata(source, { timeout: evaluationMs, stack: evaluationDepth });
  for (const { name, call, signature } of functions) {
    expression.registerFunction(name, (...args) => call(...(args as never[])), signature);
  }
  // AWS leaves out $eval; an own binding without a value makes calling it an error.
  expression.assign('eval', undefined);
  return expression;
};

/** Evaluates JSONata as Step Functions does. Compiled expressions are kept for the life of the evaluator. */
export const createEvaluator = (deps: { readonly clock: Clock; readonly randomness: Randomness }): Evaluator => {
  const functions = addedFunctions(deps);
  const compiled = new Map<string, jsonata.Expression>();

  const compile = (source: string): jsonata.Expression => {
    const known = compiled.get(source);
    if (known) return known;
    const expression = prepare(source, functions);
    compiled.set(source, expression);
    return expression;
  };

  const expressionValue = async (source: string, field: string, scope: Scope): Promise<unknown> => {
    let value: unknown;
    try {
      value = await compile(source).evaluate(undefined, { ...scope.variables, states: scope.states });
    } catch (error) {
      throw failed(source, field, thrown(error));
    }
    const text = JSON.stringify(value);
    if (value === undefined || text === undefined) throw failed(source, field, 'returned nothing (undefined).');
    return JSON.parse(text);
  };

  const template: Evaluator['template'] = async (value, field, scope) => {
    if (typeof value === 'string') {
      const source = expressionIn(value);
      return source === undefined ? value : expressionValue(source, field, scope);
    }
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) items.push(await template(item, `${field}[${index}]`, scope));
      return items;
    }
    if (value === null || typeof value !== 'object') return value;
    const members: [string, unknown][] = [];
    for (const [key, member] of Object.entries(value))
      members.push([key, await template(member, `${field}/${key}`, scope)]);
    return Object.fromEntries(members);
  };

  const typed: Evaluator['typed'] = async (source, type, field, scope) => {
    const value = await template(source, field, scope);
    if (typeof value !== type) throw wrongType(source, type, value, field);
    return value as TypeNames[typeof type];
  };

  return { template, typed };
};
