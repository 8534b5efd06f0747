import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createArtifactStore } from '../adapters/aws/artifact-store';
import { isCurrentLease } from '../adapters/aws/dynamo-locks';
import { createLockTable } from '../adapters/aws/lock-table';
import { storedSecret } from '../adapters/aws/stored-settings';
import { createAccessTokens } from '../adapters/github/access-tokens';
import { makeShelteredFolder } from '../adapters/process/sheltered-folder';
import { describeError, WorkerError } from '../domain/errors';
import type { Lease } from '../domain/lease';
import { retryTransient } from '../domain/retry-transient';
import { runBuild } from './build/run-build';
import { readWorkerEnvironment, secretsInEnvironment, type WorkerEnvironment } from './env';
import { checkout } from './git/checkout';
import { usualLimits } from './git/limits';
import { publish } from './git/publish';
import { createRedactedLog } from './redacted-log';
import { runStep } from './run-step';

const { redact, log, hide } = createRedactedLog(secretsInEnvironment(), {
  print: (line) => process.stdout.write(line),
});

const readSecret = async (name: string): Promise<string> => {
  const value = await storedSecret({ secretId: name }).read();
  hide(value);
  return value;
};

type GitEnvironment = Exclude<WorkerEnvironment, { mode: 'build' }>;

/**
 * The credential for git: the secret's own token, or one that the GitHub App gets for one repository alone, the item's unless another is named, which may write only when this step pushes.
 * It is made here, in the step that uses it, and lives an hour.
 */
const gitToken =
  ({ mode, dryRun, item, githubApiUrl: apiUrl }: GitEnvironment) =>
  async (name: string, place: string = item.repository): Promise<string> => {
    const read = () => readSecret(name);
    const tokens = createAccessTokens({ apiUrl, where: `The secret ${name}` }, { read, now: () => new Date() });
    const [owner = '', repository = ''] = place.split('/');
    const contents = mode === 'publish' && !dryRun ? ('write' as const) : ('read' as const);
    const token = await retryTransient(() => tokens.of({ owner, repository, permissions: { contents } }), { pause });
    for (const secret of tokens.known()) hide(secret);
    return token;
  };

const PREFIX = 'worker-';

/** In the temporary folder, but never in one where the build user could put something above the work tree. */
const makeWorkFolder = (env: WorkerEnvironment): string => {
  if (env.mode !== 'build' || env.buildUser === null) return mkdtempSync(join(tmpdir(), PREFIX));
  const folder = makeShelteredFolder(PREFIX, [tmpdir(), process.cwd()]);
  if (folder !== null) return folder;
  throw new WorkerError(
    'ValidationError',
    `BUILD_USER: there is no place for a folder that "${env.buildUser}" can enter, and above which it can write nowhere.`,
    'Run the build as root, with a folder such as /var/lib that only root may write to.',
  );
};

const run = async (env: WorkerEnvironment): Promise<'done' | 'failed'> => {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  const { artifactsBucket: bucket, accountId, searchPath } = env;
  const client = new S3Client();
  const store = createArtifactStore({ bucket, accountId }, { client, pause });
  const common = { store, readSecret, log, redact, pause, signal: stop.signal, searchPath };
  const releasesOf = ({ releasesBucket }: { readonly releasesBucket: string }) =>
    createArtifactStore({ bucket: releasesBucket, accountId }, { client, pause });
  const work = (workFolder: string): Promise<unknown> => {
    const deps = { ...common, workFolder };
    if (env.mode === 'build') return runBuild(env, { ...deps, releases: releasesOf(env), now: () => new Date() });
    const git = { ...deps, readSecret: gitToken(env), limits: usualLimits };
    if (env.mode === 'checkout') return checkout(env, { ...git, releases: releasesOf(env), now: () => new Date() });
    const table = createLockTable({ tableName: env.locksTable, index: '' }, { client: new DynamoDBClient() });
    const isCurrent = (lease: Lease) => isCurrentLease(lease, { table });
    return publish(env, { ...git, isCurrent, secrets: secretsInEnvironment() });
  };
  const step = async (): Promise<void> => {
    const workFolder = makeWorkFolder(env);
    try {
      await work(workFolder);
    } finally {
      await rm(workFolder, { recursive: true, force: true }).catch((error: unknown) => log(describeError(error)));
    }
  };
  return runStep(env, step, common);
};

/** What a build in CodeBuild runs: one step, chosen by MODE. Exit code 1 says that it failed and why is in `error.json`; a red result is 0. */
const main = async (): Promise<void> => {
  if ((await run(readWorkerEnvironment())) === 'failed') process.exitCode = 1;
};

main().catch((error: unknown) => {
  log(describeError(error));
  process.exitCode = 1;
});
