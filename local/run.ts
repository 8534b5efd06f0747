import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { firstEnvironment } from '../config/load';
import type { BoardSettings } from '../domain/board-settings';
import { absoluteSearchPath } from '../domain/search-path';
import { findBuildUser } from './build-user';
import { type LocalCloud, startLocalCloud } from './cloud';
import type { GitHubSeed } from './github/seed';
import { type GitHubStandIn, startGitHub } from './github/stand-in';
import type { OnLiveEvent } from './live-event';
import { projectRoot } from './project-root';
import { type RunSettings, readRunSettings, writeRunSettings } from './runs/run-settings';
import { runTicks, startLive } from './runs/run-ticks';
import { watchItems } from './runs/watch-items';
import { claimStateFolder } from './state-folder';

export type BoardOfRun = { readonly seed: GitHubSeed; readonly settings: BoardSettings };

type Run = { readonly settings: RunSettings; readonly board: BoardOfRun };

export type LocalWorkerOptions = {
  readonly stateFolder: string;
  /** What to work on, made ready once the folder is this process's own. Absent: as it was when the folder was used last. */
  readonly prepare?: () => Promise<Run>;
  /** The variables of the person who runs it: for those that are passed on by name, and for the key of the Kiro CLI. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly port?: number;
  readonly onLiveEvent: OnLiveEvent;
};

/** The whole worker on one machine, ready to tick. */
export type LocalWorker = {
  readonly cloud: LocalCloud;
  readonly github: GitHubStandIn;
  readonly settings: RunSettings;
  /** Empty when builds run as a user of their own; else why they do not. */
  readonly notIsolated: string;
  /** Ticks until nothing is left to start; gives the number of ticks. */
  readonly work: (signal: AbortSignal) => Promise<number>;
  /** Starts the pipeline once with an input of the caller, and waits. */
  readonly start: (
    start: { readonly name?: string; readonly input: object },
    signal: AbortSignal,
  ) => ReturnType<typeof startLive>;
  readonly isItemExecution: (executionArn: string) => boolean;
  readonly close: () => Promise<void>;
};

/** Tokens of the stand-in live as long as this process and are in no file. */
const newToken = (): string => `local-${randomBytes(24).toString('base64url')}`;

/** The login under which the worker writes. */
const WORKER_LOGIN = 'kiro-worker';

/** Every item needs at most three executions, one for each attempt, and the last tick finds nothing. */
const mostTicks = (items: number): number => items * 3 + 1;

const KIRO_API_KEY = 'KIRO_API_KEY';

/** `kiro-cli` alone means the agent that is built in; everything else is a command. */
const agentVariables = ({ agentCommand }: RunSettings): Readonly<Record<string, string>> =>
  agentCommand.trim() === 'kiro-cli'
    ? { AGENT_KIND: 'kiro-cli' }
    : { AGENT_KIND: 'command', AGENT_COMMAND: agentCommand };

/** Names that are absent here are absent there. */
const passedVariables = (
  { passedVariables: names }: RunSettings,
  { variables }: LocalWorkerOptions,
): Readonly<Record<string, string>> => {
  const given = names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]] as const]));
  return names.length > 0 ? { PASSED_VARIABLES: names.join(','), ...Object.fromEntries(given) } : {};
};

const openCloud = async (
  options: LocalWorkerOptions & { readonly searchPath: string },
  settings: RunSettings,
  github: GitHubStandIn,
  buildUser: string,
): Promise<LocalCloud> => {
  const { stateFolder, searchPath, port = 0 } = options;
  const root = projectRoot();
  const farEnds = { GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: github.serverUrl };
  return startLocalCloud({
    stateFolder: join(stateFolder, 'aws'),
    stacksFolder: join(root, 'cdktf.out'),
    bundlesFolder: join(root, 'build', 'bundles'),
    environment: firstEnvironment(),
    searchPath,
    buildUser,
    variables: {
      functions: { ...farEnds, MAX_CONCURRENT_ITEMS: String(settings.maxConcurrentItems) },
      // A package lies in the environment's own bucket or on a server, where this machine need not get to.
      git: { GITHUB_SERVER_URL: github.serverUrl, STEERING: '' },
      builder: { ...passedVariables(settings, options), ...agentVariables(settings), BUILD_USER: buildUser },
    },
    port,
  });
};

/** What the seed has planted once stays as it is; where the repository lies, and which branch is its base, may change. */
const pointAtRepository = ({ model }: GitHubStandIn, { repository }: RunSettings): void => {
  const record = model.all('Repository').find(({ nameWithOwner }) => nameWithOwner === repository.nameWithOwner);
  if (!record) return;
  model.put({ ...record, path: repository.path, defaultBranch: repository.defaultBranch });
  model.save();
};

/** Opens the state folder, starts the far ends and joins them. Whoever opens it closes it. */
export const openLocalWorker = async (options: LocalWorkerOptions): Promise<LocalWorker> => {
  const { stateFolder, prepare, variables, onLiveEvent } = options;
  const giveBack = claimStateFolder(stateFolder);
  const closers: (() => Promise<void> | void)[] = [giveBack];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const run = await prepare?.();
    const settings = run?.settings ?? readRunSettings(stateFolder);
    const searchPath = absoluteSearchPath([...settings.programFolders, variables.PATH ?? ''].join(':'));
    if (run) writeRunSettings(stateFolder, settings);
    const { user, reason } = await findBuildUser(searchPath);
    const token = newToken();
    const github = await startGitHub({
      stateFolder: join(stateFolder, 'github'),
      tokens: [{ token, login: WORKER_LOGIN, canWrite: true }],
      searchPath,
    });
    closers.push(github.close);
    if (run) {
      await github.seed(run.board.seed);
      pointAtRepository(github, settings);
    }
    const cloud = await openCloud({ ...options, searchPath }, settings, github, user);
    closers.push(cloud.close);
    const { names, engine, liveAliasArn, parameters, secrets } = cloud;
    secrets.put(names.secret('github-token'), token);
    secrets.put(names.secret('git-credentials'), token);
    const apiKey = variables[KIRO_API_KEY];
    if (apiKey) secrets.put(names.secret('kiro-api-key'), apiKey);
    if (run) parameters.put(names.boardSettingsParameter, JSON.stringify(run.board.settings));
    const isItemExecution = (arn: string) => arn.startsWith(`${names.executionArns}/${names.itemMapLabel}:`);
    engine.onEvent(watchItems(isItemExecution, onLiveEvent));
    const live = { engine, liveAliasArn };
    return {
      cloud,
      github,
      settings,
      notIsolated: reason,
      work: (signal) => {
        cloud.warm();
        return runTicks(mostTicks(github.model.all('ProjectV2Item').length), signal, live);
      },
      start: (start, signal) => startLive(start, signal, live),
      isItemExecution,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
