import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { type ArtifactStore, createArtifactStore } from '../../adapters/aws/artifact-store';
import { dynamoLocks, type Locks } from '../../adapters/aws/dynamo-locks';
import { createLockTable, type LockTable } from '../../adapters/aws/lock-table';
import type { ErrorCode, WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import type { WorkItem } from '../../domain/work-item';
import { startDynamoDb } from '../../local/aws/dynamodb';
import { type Endpoints, openEndpoints } from '../../local/aws/endpoints';
import { createObjectStore, type ObjectStore } from '../../local/aws/object-store';
import { createSecretsManager } from '../../local/aws/secrets-manager';
import { createStoredValues, type StoredValues } from '../../local/aws/stored-values';
import type { StandInApp } from '../../local/github/apps';
import { type GitHubStandIn, startGitHub } from '../../local/github/stand-in';
import { type CheckoutEnvironment, type PublishEnvironment, readWorkerEnvironment } from '../../worker/env';
import type { CheckoutDeps } from '../../worker/git/checkout';
import { usualLimits } from '../../worker/git/limits';
import { git, tokens, WRITER } from '../local/github/github-fixture';
import { createLocksTable } from '../support/locks-table';

export const BUCKET = 'artifacts';
export const RELEASES = 'releases';
export const PREFIX = 'builds/execution-1';
export const CREDENTIALS = {
  accessKeyId: 'AKIALOCALTESTONLY001',
  secretAccessKey: 'a-key-for-this-test-only',
  sessionToken: 'a-session',
};
export const SECRET_NAME = 'git-credentials-of-the-test';
const REGION = 'eu-central-1';
const SPEC = '.kiro/specs/cart';

export const sampleItem: WorkItem = {
  itemId: 'PVTI_1',
  projectId: 'PVT_1',
  issueId: 'I_1',
  issueNumber: 1,
  title: 'Add the cart',
  url: 'http://localhost/acme/shop/issues/1',
  repository: 'acme/shop',
  repositoryId: 'R_1',
  branch: 'feature/cart',
  baseBranch: 'main',
  specPath: SPEC,
  priority: null,
  createdAt: '2026-11-02T09:00:00Z',
};

/** Writes files (null removes one) and commits everything. */
export const commit = async (
  workTree: string,
  files: Readonly<Record<string, string | Buffer | null>>,
  message = 'a task\n\nKiro-Task: 1',
): Promise<string> => {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) rmSync(join(workTree, path));
    else {
      mkdirSync(dirname(join(workTree, path)), { recursive: true });
      writeFileSync(join(workTree, path), content);
    }
  }
  await git(workTree, 'add', '-A', '--force', '.');
  await git(workTree, 'commit', '-q', '--allow-empty', '-m', message);
  return git(workTree, 'rev-parse', 'HEAD');
};

export type Broker = {
  readonly folder: string;
  /** A work tree with `main` and `feature/cart`, and the bare repository that GitHub serves. */
  readonly workTree: string;
  readonly bare: string;
  readonly github: GitHubStandIn;
  readonly endpoints: Endpoints;
  readonly s3: S3Client;
  readonly objects: ObjectStore;
  readonly secrets: StoredValues;
  readonly store: ArtifactStore;
  /** The releases bucket. */
  readonly releases: ArtifactStore;
  readonly table: LockTable;
  readonly locks: Locks;
  readonly lines: string[];
  readonly pauses: number[];
  /** A new empty folder. */
  readonly newFolder: () => string;
  /** The variables of a build, as CodeBuild would have them. */
  readonly variables: (extra?: Readonly<Record<string, string>>, item?: Partial<WorkItem>) => Record<string, string>;
  readonly checkoutEnv: (item?: Partial<WorkItem>, extra?: Readonly<Record<string, string>>) => CheckoutEnvironment;
  readonly publishEnv: (extra?: Readonly<Record<string, string>>, item?: Partial<WorkItem>) => PublishEnvironment;
  readonly deps: (token?: string) => CheckoutDeps & { readonly store: ArtifactStore };
  readonly push: (workTree: string, ...refs: readonly string[]) => Promise<void>;
  readonly tip: (branch: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

export const sampleLease: Lease = { itemId: 'PVTI_1', owner: 'execution-1', fence: 1, attempt: 1, slot: 0 };

const makeRepository = async (workTree: string, bare: string): Promise<void> => {
  await git('/', 'init', '-q', '-b', 'main', workTree);
  await commit(workTree, {
    'README.md': 'shop\n',
    '.github/CODEOWNERS': '* @acme/owners\n',
    'kiro-worker.yml': 'version: 1\n',
  });
  await git(workTree, 'checkout', '-q', '-b', 'feature/cart');
  await commit(workTree, {
    [`${SPEC}/requirements.md`]: '# Requirements\n',
    [`${SPEC}/tasks.md`]: '- [ ] 1. Add the cart\n',
    'src/shop.js': 'export const shop = 1;\n',
  });
  await git('/', 'clone', '-q', '--bare', workTree, bare);
  await git(bare, 'symbolic-ref', 'HEAD', 'refs/heads/main');
};

const startAws = async (folder: string) => {
  const now = () => new Date();
  const objects = createObjectStore(join(folder, 'objects'), { buckets: [BUCKET, RELEASES], now });
  const secrets = createStoredValues(now);
  secrets.put(SECRET_NAME, `${WRITER}\n`);
  const dynamo = await startDynamoDb(join(folder, 'tables'));
  const home = { region: REGION, accountId: '000000000000' };
  const endpoints = await openEndpoints(0);
  endpoints.serve({
    credentials: new Map([[CREDENTIALS.accessKeyId, { ...CREDENTIALS, role: 'git' }]]),
    services: [createSecretsManager(secrets, { secrets: [SECRET_NAME], home })],
    rest: [],
    objects,
    account: home.accountId,
    dynamoDb: dynamo,
  });
  const client = { endpoint: endpoints.url, region: REGION, credentials: CREDENTIALS };
  const dynamoClient = new DynamoDBClient(client);
  await createLocksTable(dynamoClient);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const table = createLockTable({ tableName: 'locks', index: 'held' }, { client: dynamoClient });
  const close = async () => {
    s3.destroy();
    dynamoClient.destroy();
    await endpoints.close();
    await dynamo.close();
  };
  return { objects, secrets, endpoints, s3, table, close };
};

/** A GitHub with one repository, an artifacts bucket and a locks table, all real enough to talk to by their own protocols. */
export const startBroker = async (apps: readonly StandInApp[] = []): Promise<Broker> => {
  const folder = mkdtempSync(join(tmpdir(), 'bro ker-'));
  const workTree = join(folder, 'work tree');
  const bare = join(folder, 'shop repository.git');
  await makeRepository(workTree, bare);
  const searchPath = process.env.PATH ?? '';
  const github = await startGitHub({ stateFolder: join(folder, 'github'), tokens, apps, searchPath });
  await github.seed({
    owners: [{ login: 'acme', kind: 'organization' }],
    repositories: [
      {
        nameWithOwner: 'acme/shop',
        path: bare,
        protectedBranches: ['main', 'release'],
        rules: [{ type: 'required_signatures', branches: 'signed' }],
      },
    ],
  });
  const aws = await startAws(folder);
  const pauses: number[] = [];
  const lines: string[] = [];
  const pause = async (milliseconds: number) => {
    pauses.push(milliseconds);
  };
  const store = createArtifactStore({ bucket: BUCKET, accountId: '000000000000' }, { client: aws.s3, pause });
  const releases = createArtifactStore({ bucket: RELEASES, accountId: '000000000000' }, { client: aws.s3, pause });
  const count = { folders: 0 };
  const newFolder = () => {
    count.folders += 1;
    const path = join(folder, `folder ${count.folders}`);
    mkdirSync(path);
    return path;
  };
  const variables: Broker['variables'] = (extra = {}, partial = {}) => {
    const item = { ...sampleItem, ...partial };
    return {
      PATH: process.env.PATH ?? '',
      ENVIRONMENT: 'test',
      RELEASE: 'r1',
      AWS_REGION: REGION,
      ARTIFACTS_BUCKET: BUCKET,
      ARTIFACTS_PREFIX: PREFIX,
      WORK_ITEM: JSON.stringify(item),
      LEASE: JSON.stringify(sampleLease),
      BRANCH_NAME: item.branch,
      SPEC_PATH: item.specPath,
      GITHUB_SERVER_URL: github.serverUrl,
      GIT_CREDENTIALS_SECRET: SECRET_NAME,
      LOCKS_TABLE: 'locks',
      ...extra,
    };
  };

  return {
    folder,
    workTree,
    bare,
    github,
    ...aws,
    store,
    releases,
    locks: dynamoLocks({
      table: aws.table,
      executionLife: async () => 'died',
      now: () => new Date(),
      maxConcurrentItems: 1,
      leaseSeconds: 60,
    }),
    lines,
    pauses,
    newFolder,
    variables,
    checkoutEnv: (item, extra) =>
      readWorkerEnvironment(variables({ MODE: 'checkout', ...extra }, item)) as CheckoutEnvironment,
    publishEnv: (extra, item) =>
      readWorkerEnvironment(variables({ MODE: 'publish', ...extra }, item)) as PublishEnvironment,
    deps: (token = WRITER) => ({
      store,
      releases,
      now: () => new Date('2026-11-02T09:00:00Z'),
      readSecret: async () => token,
      log: (line) => lines.push(line),
      pause,
      searchPath: process.env.PATH ?? '',
      workFolder: newFolder(),
      limits: usualLimits,
    }),
    push: async (from, ...refs) => {
      await git(from, 'push', '-q', bare, ...refs);
    },
    tip: (branch) => git(bare, 'rev-parse', `refs/heads/${branch}`),
    close: async () => {
      await github.close();
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The error that a call ends in, which must be one of ours with this code. */
export const refusal = async (call: Promise<unknown>, code: ErrorCode): Promise<WorkerError> => {
  try {
    await call;
  } catch (error) {
    if ((error as WorkerError).code === code) return error as WorkerError;
    throw error;
  }
  throw new Error(`the call was expected to fail with ${code}`);
};
