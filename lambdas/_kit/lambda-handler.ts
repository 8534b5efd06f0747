import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { describeError, hasCode, isErrorCode, WorkerError } from '../../domain/errors';
import { cutText } from '../../domain/markdown';
import { createRedactor, type Redactor } from '../../domain/redaction';
import { metricOf, type Task, type TaskContract } from './contract';
import { emitMetrics, type Metrics, overReleases, perRelease, toLog } from './emit-metric';
import { readTaskEnvironment, type TaskEnvironment } from './env';

/** What a task tells of an outcome beside its name. */
export type Telling = {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly metrics?: Metrics;
  /** The same over all releases, for alarms that look back for more than three hours. */
  readonly pulse?: Metrics;
};

/** What a handler's composition hands to the frame beside its ports. */
export type Composed<Deps, O = unknown> = {
  readonly deps: Deps;
  /** What the log and the metrics get to know of an output; nothing secret is in it. */
  readonly tell?: (output: O) => Telling;
  /** Values that must never leave the function; asked for when something is about to be logged or thrown. */
  readonly secrets?: () => readonly string[];
  /** Called once after an authentication failure: a rotated secret is read anew and the task tried again. */
  readonly forgetSecrets?: () => void;
};

/** Where the frame writes: a log of JSON lines, and lines from which CloudWatch makes metrics. */
export type Output = {
  readonly log: {
    readonly info: (message: string, fields: Readonly<Record<string, unknown>>) => void;
    readonly error: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  };
  readonly write: (line: string) => void;
};

const lambdaOutput = (): Output => {
  const logger = new Logger();
  return {
    log: {
      info: (message, fields) => logger.info(message, { ...fields }),
      error: (message, fields) => logger.error(message, { ...fields }),
    },
    write: toLog.write,
  };
};

const parseInput = <I, O>(contract: TaskContract<I, O>, event: unknown): I => {
  const parsed = contract.input.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new WorkerError('ValidationError', `The input of ${contract.name} is wrong:\n${z.prettifyError(parsed.error)}`);
};

/** Ids for the log, found wherever the contract puts them; never payloads. */
const idsOf = (event: unknown): Record<string, unknown> => {
  const { item, lease, executionArn, owner } = (event ?? {}) as {
    item?: { itemId?: string; issueNumber?: number };
    lease?: { fence?: number };
    executionArn?: string;
    owner?: string;
  };
  return { itemId: item?.itemId, issue: item?.issueNumber, fence: lease?.fence, execution: executionArn ?? owner };
};

/** Step Functions keeps 32,768 characters of a Cause, and the state that it becomes part of must stay small. */
const MESSAGE_LIMIT = 8_000;

/**
 * What may leave the function: a code of the catalogue as the name, because Step Functions matches it, and a redacted message; no cause, no stack.
 */
const redacted = (error: unknown, redact: Redactor): Error => {
  const isOurs = error instanceof Error && isErrorCode(error.name);
  const message = isOurs ? describeError(error) : `Unexpected: ${String(error)}`;
  const clean = new Error(cutText(redact(message), MESSAGE_LIMIT));
  clean.name = isOurs ? error.name : 'UnexpectedFault';
  clean.stack = `${clean.name}: ${clean.message}`;
  return clean;
};

const outcomeOf = (output: unknown): string => {
  const { outcome, kind, action } = (output ?? {}) as Record<string, unknown>;
  return String(outcome ?? kind ?? action ?? 'done');
};

/**
 * The frame of every task: checks input and output against the contract, logs JSON with ids, counts outcomes and failures, and lets nothing secret out.
 * Composition happens once per container, at the first invocation.
 */
export const lambdaHandler = <I, O, Deps>(
  contract: TaskContract<I, O>,
  task: Task<TaskContract<I, O>, Deps>,
  compose: (env: TaskEnvironment) => Composed<Deps, O>,
  { log, write }: Output = lambdaOutput(),
): ((event: unknown) => Promise<O>) => {
  const count = (env: TaskEnvironment, outcome: string, more: Metrics = {}): void =>
    emitMetrics({ [metricOf(contract, outcome)]: 1, ...more }, perRelease, env, { now: () => new Date(), write });
  let composed: { readonly env: TaskEnvironment; readonly world: Composed<Deps, O> } | undefined;

  const invoke = async (input: I, world: Composed<Deps, O>): Promise<O> => {
    try {
      return await task(input, world.deps);
    } catch (error) {
      if (!world.forgetSecrets || !hasCode(error, 'AuthenticationFailed')) throw error;
      world.forgetSecrets();
      return task(input, world.deps);
    }
  };

  return async (event) => {
    const ids = idsOf(event);
    try {
      const input = parseInput(contract, event);
      composed ??= withEnvironment(contract, compose);
      const { env, world } = composed;
      const output = contract.output.parse(await invoke(input, world));
      const { fields = {}, metrics = {}, pulse } = world.tell?.(output) ?? {};
      log.info(`${contract.name} ended`, { ...ids, outcome: outcomeOf(output), ...fields });
      count(env, outcomeOf(output), metrics);
      if (pulse) emitMetrics(pulse, overReleases, env, { now: () => new Date(), write });
      return output;
    } catch (error) {
      const clean = redacted(error, createRedactor(composed?.world.secrets?.() ?? []));
      log.error(`${contract.name} failed`, { ...ids, errorName: clean.name, errorMessage: clean.message });
      if (composed) count(composed.env, 'failed');
      throw clean;
    }
  };
};

const withEnvironment = <I, O, Deps>(
  contract: TaskContract<I, O>,
  compose: (env: TaskEnvironment) => Composed<Deps, O>,
) => {
  const env = readTaskEnvironment(contract);
  return { env, world: compose(env) };
};
