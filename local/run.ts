import { join } from 'node:path';
import { firstEnvironment } from '../config/load';
import { namesOf } from '../config/naming';
import { absoluteSearchPath } from '../domain/search-path';
import { USUALLY_PASSED } from '../domain/passed-variables';
import { findBuildUser } from './build-user';
import { type LocalCloud, startLocalCloud } from './cloud';
import type { OnLiveEvent } from './live-event';
import { projectRoot } from './project-root';
import { beginWithBudget, type InitialBudget } from './runs/begin-with-budget';
import { type BoardOfRun, type FarEnd, openStandIn, type RemoteGitHub, remoteFarEnd } from './runs/far-end';
import { type RunSettings, readRunSettings, writeRunSettings } from './runs/run-settings';
import { steeringPrefix } from './runs/steering-prefix';
import { runDry, runTicks, startLive, type Tick } from './runs/run-ticks';
import { watchItems } from './runs/watch-items';
import { claimStateFolder } from './state-folder';

export type LocalRun = { readonly settings: RunSettings; readonly board: BoardOfRun; readonly budget: InitialBudget };

export type LocalWorkerOptions = {
  readonly stateFolder: string;
  /** What to work on, made ready once the folder is this process's own. Absent: as it was when the folder was used last. */
  readonly prepare?: () => Promise<LocalRun>;
  /** Absent: GitHub's stand-in, with its state in the folder. */
  readonly remote?: RemoteGitHub;
  /** The variables of the person who runs it: for those that are passed on by name, and for the key of the Kiro CLI. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly port?: number;
  readonly onLiveEvent: OnLiveEvent;
};

/** The whole worker on one machine, ready to tick. */
export type LocalWorker = {
  readonly cloud: LocalCloud;
  readonly github: FarEnd;
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

/** Every item needs at most three executions, one for each attempt, and the last tick finds nothing. */
const mostTicks = (items: number): number => items * 3 + 1;

/** People go on filling a board on GitHub while we work on it: a bound all the same. */
const MOST_REMOTE_TICKS = 1_000;

const KIRO_API_KEY = 'KIRO_API_KEY';

/** `kiro-cli` alone means the agent that is built in; everything else is a command. */
const agentVariables = ({ agentCommand, agentEngine, agentSha256 }: RunSettings): Readonly<Record<string, string>> =>
  agentCommand.trim() === 'kiro-cli'
    ? { AGENT_KIND: 'kiro-cli', AGENT_ENGINE: agentEngine, AGENT_SHA256: agentSha256 ?? '' }
    : { AGENT_KIND: 'command', AGENT_COMMAND: agentCommand, AGENT_SHA256: '' };

/** Names that are absent here are absent there. A build inherits nothing, so what a proxy needs has to be named as well. */
const passedVariables = (
  { passedVariables: asked }: RunSettings,
  { variables }: LocalWorkerOptions,
): Readonly<Record<string, string>> => {
  const names = [...new Set([...USUALLY_PASSED.filter((name) => variables[name] !== undefined), ...asked])];
  const given = names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]] as const]));
  return names.length > 0 ? { PASSED_VARIABLES: names.join(','), ...Object.fromEntries(given) } : {};
};

/** The environment's own package lies where this machine need not get to: here it is the one after --steering, or none. */
const steeringVariables = ({ steering }: RunSettings): Readonly<Record<string, string>> => {
  if (!steering) return { STEERING: '' };
  const digest = steering.isPinned ? steering.digest : null;
  const { releasesBucket } = namesOf(firstEnvironment());
  return {
    STEERING: JSON.stringify({ kind: 's3', prefix: steeringPrefix(steering), digest }),
    RELEASES_BUCKET: releasesBucket,
  };
};

const openCloud = async (
  options: LocalWorkerOptions & { readonly searchPath: string },
  settings: RunSettings,
  github: FarEnd,
  buildUser: string,
): Promise<LocalCloud> => {
  const { stateFolder, searchPath, port = 0 } = options;
  const root = projectRoot();
  const farEnds = { GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: github.serverUrl };
  const unlimited = { GITHUB_WRITE_SPACING_MILLISECONDS: '0' }; // nobody counts the writes of one's own stand-in
  return startLocalCloud({
    stateFolder: join(stateFolder, 'aws'),
    stacksFolder: join(root, 'cdktf.out'),
    bundlesFolder: join(root, 'build', 'bundles'),
    environment: firstEnvironment(),
    searchPath,
    buildUser,
    variables: {
      functions: {
        ...farEnds,
        ...(github.standIn ? unlimited : {}),
        MAX_CONCURRENT_ITEMS: String(settings.maxConcurrentItems),
      },
      git: { ...farEnds, ...steeringVariables(settings) },
      builder: { ...passedVariables(settings, options), ...agentVariables(settings), BUILD_USER: buildUser },
    },
    port,
  });
};

/** Opens the state folder, starts the far ends and joins them. Whoever opens it closes it. */
export const openLocalWorker = async (options: LocalWorkerOptions): Promise<LocalWorker> => {
  const { stateFolder, prepare, remote, variables, onLiveEvent } = options;
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
    const github = remote
      ? remoteFarEnd(remote)
      : await openStandIn({ stateFolder, searchPath, settings, board: run?.board });
    closers.push(github.close);
    const cloud = await openCloud({ ...options, searchPath }, settings, github, user);
    closers.push(cloud.close);
    const { names, engine, liveAliasArn, parameters, secrets } = cloud;
    if (github.credential !== '')
      for (const name of ['github-token', 'git-credentials'] as const)
        secrets.put(names.secret(name), github.credential);
    const apiKey = variables[KIRO_API_KEY];
    if (apiKey) secrets.put(names.secret('kiro-api-key'), apiKey);
    if (run) {
      parameters.put(names.boardSettingsParameter, JSON.stringify(run.board.settings));
      const budgetPlace = { parameter: names.creditBudgetParameter, file: join(stateFolder, 'initial-budget.json') };
      beginWithBudget(run.budget, budgetPlace, parameters);
    }
    const isItemExecution = (arn: string) => arn.startsWith(`${names.executionArns}/${names.itemMapLabel}:`);
    engine.onEvent(watchItems(isItemExecution, onLiveEvent));
    const live = { engine, liveAliasArn };
    return {
      cloud,
      github,
      settings,
      notIsolated: reason,
      work: async (signal) => {
        cloud.warm();
        const tell = ({ outcome, message }: Tick) => {
          if (outcome !== 'items') onLiveEvent({ kind: 'note', text: `\nTick ${outcome}: ${message}` });
        };
        if (settings.dryRun) return runDry(tell, signal, live);
        const items = github.standIn ? mostTicks((await github.view.items()).length) : MOST_REMOTE_TICKS;
        return runTicks(items, tell, signal, live);
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
