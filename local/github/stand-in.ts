import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { WorkerError } from '../../domain/errors';
import type { StandInApp } from './apps';
import type { Token } from './context';
import { createFaults, type Faults } from './faults';
import { gitReader } from './git-reader';
import { requestReader } from './graphql-request';
import { type Model, openModel } from './model';
import { plantSeed } from './plant-seed';
import { rateLimiter } from './rate-limit';
import { createRequestLog, type LoggedRequest } from './request-log';
import { loadGitHubSchema } from './schema';
import { type GitHubSeed, parseSeed } from './seed';
import { listen } from './server';
import { timestamp } from './timestamp';
import { createTokenBook } from './tokens';

export type GitHubOptions = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where `github.json` lies; made if it is not there. */
  readonly stateFolder: string;
  readonly tokens: readonly Token[];
  /** GitHub Apps that may ask for tokens. */
  readonly apps?: readonly StandInApp[];
  readonly clock?: () => Date;
  /** Points an hour for each login; default 5,000 as on GitHub. */
  readonly pointsPerHour?: number;
  /** The PATH on which git is found. */
  readonly searchPath?: string;
  /** GitHub's schema if the caller has loaded it already. */
  readonly schema?: GraphQLSchema;
  /** How latency faults wait. */
  readonly delay?: (milliseconds: number) => Promise<void>;
};

export type GitHubStandIn = {
  /** For `baseUrl` of @octokit/graphql. */
  readonly apiUrl: string;
  /** Repositories are at `SERVER/OWNER/REPO.git`. */
  readonly serverUrl: string;
  /** Adds what is not there yet. @throws WorkerError ValidationError, and nothing is added then. */
  seed(seed: GitHubSeed): Promise<void>;
  readonly model: Model;
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
  close(): Promise<void>;
};

const USUAL_SEARCH_PATH = '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin';

/** GitHub's far end on this machine: GraphQL and git over HTTP, on loopback, with its state on disk. */
export const startGitHub = async (options: GitHubOptions): Promise<GitHubStandIn> => {
  const { stateFolder, tokens, clock = () => new Date(), searchPath = USUAL_SEARCH_PATH } = options;
  const model = openModel(stateFolder);
  const faults = createFaults();
  const log = createRequestLog();
  const git = gitReader(searchPath);
  const address = { url: '' };
  const schema = options.schema ?? loadGitHubSchema();
  const server = await listen(options.port ?? 0, {
    schema,
    readRequest: requestReader(schema),
    model,
    git,
    faults,
    limiter: rateLimiter(options.pointsPerHour ?? 5_000, clock),
    log,
    tokens: createTokenBook(tokens, clock),
    apps: options.apps ?? [],
    clock,
    delay: options.delay ?? ((milliseconds) => sleep(milliseconds)),
    searchPath,
    serverUrl: () => address.url,
  });
  address.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const seed = async (input: GitHubSeed): Promise<void> => {
    const parsed = parseSeed(input);
    for (const { nameWithOwner, path } of parsed.repositories) {
      if (await git.isRepository(path)) continue;
      throw new WorkerError(
        'ValidationError',
        `${nameWithOwner} is said to lie in ${path}, which is no git repository.`,
      );
    }
    plantSeed(parsed, timestamp(clock()), { model });
  };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { apiUrl: address.url, serverUrl: address.url, seed, model, faults, requests: log.entries, close };
};
