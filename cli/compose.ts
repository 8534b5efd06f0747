import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { loadEnvironment } from '../config/load';
import { namesOf } from '../config/naming';
import type { DeadLetter } from '../domain/dead-letter';
import { WorkerError } from '../domain/errors';
import { hasRunSettings } from '../local/runs/run-settings';
import type { CliContext, CommandInput } from './command';
import type { DeadLetters } from './dead-letters';
import { openLocal } from './open-local';
import { queueDeadLetters } from './queue-dead-letters';
import { faultsFolders, sampleState, stateRoot } from './state-folder';

/** Every state folder below `root` that a run has left; `root` may be one itself. */
export const localStates = (root: string): readonly string[] => {
  if (hasRunSettings(root)) return [root];
  const runs = join(root, 'runs');
  const folders = existsSync(runs)
    ? readdirSync(runs)
        .sort()
        .map((name) => join(runs, name))
    : [];
  return [sampleState(root), ...faultsFolders.map((name) => join(root, name)), ...folders].filter(hasRunSettings);
};

export const noLocalState = (root: string): WorkerError =>
  new WorkerError(
    'ValidationError',
    `There is no local state in ${root}.`,
    'Run something first, or name the right folder with --state.',
  );

/** The dead letters of several states as one; each is acted on where it lies. */
const joinedDeadLetters = (all: readonly DeadLetters[]): DeadLetters => {
  const lists = () => Promise.all(all.map(async (one) => ({ one, letters: await one.list() })));
  const ownerOf = async (id: string): Promise<DeadLetters> => {
    const found = (await lists()).find(({ letters }) => letters.some((letter) => letter.id === id));
    if (found) return found.one;
    throw new WorkerError('DeadLetterNotFound', `There is no dead letter "${id}".`);
  };
  const owners = new Map<string, DeadLetters>();
  const of = async ({ id }: Pick<DeadLetter, 'id'>) => {
    const owner = owners.get(id) ?? (await ownerOf(id));
    owners.set(id, owner);
    return owner;
  };
  return {
    list: async () =>
      (await lists()).flatMap(({ letters }) => letters).sort((a, b) => a.failedAt.localeCompare(b.failedAt)),
    evidence: async (letter) => (await of(letter)).evidence(letter),
    placeOf: async (letter, key) => (await of(letter)).placeOf(letter, key),
    start: async (letter, name) => (await of(letter)).start(letter, name),
    remove: async (id) => (await of({ id })).remove(id),
    close: async () => {
      for (const one of all) await one.close();
    },
  };
};

/**
 * The dead letters that a `dlq` command is about: with `--env` those of an environment in AWS, by the caller's own credentials; else those of
 * this machine.
 * @throws ValidationError where there is no state: the wrong folder must not look like an empty queue
 */
export const composeDeadLetters = async (input: CommandInput, context: CliContext): Promise<DeadLetters> => {
  const { env } = input.options;
  if (typeof env === 'string') {
    const environment = loadEnvironment(env);
    const region = { region: environment.region };
    const clients = { sqs: new SQSClient(region), s3: new S3Client(region), sfn: new SFNClient(region) };
    return queueDeadLetters(namesOf(environment), clients, { settle: async () => null, close: async () => undefined });
  }
  const root = stateRoot(input, context);
  const states = localStates(root);
  if (states.length === 0) throw noLocalState(root);
  const opened: DeadLetters[] = [];
  try {
    for (const stateFolder of states) opened.push((await openLocal({ stateFolder }, context)).deadLetters);
  } catch (error) {
    for (const one of opened) await one.close();
    throw error;
  }
  return joinedDeadLetters(opened);
};
