import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { type AgentArchives, s3AgentArchives } from '../adapters/aws/agent-archives';
import { loadEnvironment } from '../config/load';
import { namesOf } from '../config/naming';
import type { Environment } from '../config/schema';
import { WorkerError } from '../domain/errors';
import type { LocalCloud } from '../local/cloud';
import type { CliContext, CommandInput } from './command';
import { localStates } from './compose';
import { openLocal } from './open-local';
import { stateRoot } from './state-folder';

/** One releases bucket. */
export type AgentPlace = {
  readonly archives: AgentArchives;
  readonly bucket: string;
  /** The environment in AWS, by its name; null: the state folder of this machine. */
  readonly environment: string | null;
  readonly stateFolder: string | null;
  /** The digest that builds install; null when they use what is on the PATH. */
  readonly pinned: string | null;
};

export type AgentPlaces = { readonly places: readonly AgentPlace[]; readonly close: () => Promise<void> };

const pinnedBy = ({ agent }: Environment): string | null => (agent.kind === 'kiro-cli' ? agent.sha256 : null);

/** The agents of a cloud on this machine, through its own S3. */
export const localAgentArchives = ({ url, environment, operator, names }: LocalCloud) => {
  const client = new S3Client({
    endpoint: url,
    region: environment.region,
    credentials: operator,
    forcePathStyle: true,
  });
  const { releasesBucket: bucket } = names;
  const archives = s3AgentArchives({ bucket, accountId: environment.account }, { client, pause });
  return { archives, bucket, close: () => client.destroy() };
};

const openLocalPlaces = async (root: string, context: CliContext): Promise<AgentPlaces> => {
  const folders = localStates(root);
  if (folders.length === 0)
    throw new WorkerError(
      'ValidationError',
      `There is no local state in ${root}.`,
      'Name an environment in AWS with --env. On this machine the first run takes an agent along: kiro-worker run --agent kiro-cli --agent-zip FILE.',
    );
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const places: AgentPlace[] = [];
  try {
    for (const stateFolder of folders) {
      const { worker, close: closeWorker } = await openLocal({ stateFolder }, context);
      closers.push(closeWorker);
      const { archives, bucket, close: closeClient } = localAgentArchives(worker.cloud);
      closers.push(closeClient);
      places.push({ archives, bucket, environment: null, stateFolder, pinned: worker.settings.agentSha256 });
    }
    return { places, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** With `--env` the bucket of that environment, by the caller's own credentials; else those of every local state. */
export const composeAgents = async (input: CommandInput, context: CliContext): Promise<AgentPlaces> => {
  const { env } = input.options;
  if (typeof env !== 'string') return openLocalPlaces(stateRoot(input, context), context);
  const environment = loadEnvironment(env);
  const { account: accountId, region, name } = environment;
  const { releasesBucket: bucket } = namesOf(environment);
  const client = new S3Client({ region });
  const archives = s3AgentArchives({ bucket, accountId }, { client, pause });
  const place = { archives, bucket, environment: name, stateFolder: null, pinned: pinnedBy(environment) };
  return { places: [place], close: async () => client.destroy() };
};
