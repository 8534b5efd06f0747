import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { type Git, openGit } from '../../adapters/git/git';
import { buildKeys } from '../../domain/artifact-keys';
import { hasCode, WorkerError } from '../../domain/errors';
import { createRedactor, type Redactor } from '../../domain/redaction';
import type { BuildEnvironment } from '../env';
import { type Agent, type AgentGround, createAgent, type Performer } from './agent/agent';
import { commandAgent } from './agent/command-agent';
import { installPinnedAgent } from './agent/install-agent';
import { kiroAgent } from './agent/kiro-agent';
import { type BuildLogs, createBuildLogs } from './build-logs';
import { type BuildUser, findBuildUser } from './build-user';
import { createSandbox, type Sandbox } from './sandbox';
import { codebuildCommandFolder, sealCredentials } from './seal-credentials';
import { guardSpending, type SpendingGuard } from './spending';
import { createWorkFolder, renewWorkFolder, type WorkFolder } from './work-folder';
import { openWorkTree, type WorkTree } from './work-tree';

export type BuildDeps = {
  readonly store: ArtifactStore;
  /** The releases bucket, where pinned agents lie. */
  readonly releases: Pick<ArtifactStore, 'download'>;
  readonly readSecret: (name: string) => Promise<string>;
  readonly log: (line: string) => void;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Aborted: the build ends all that it started and stops with Interrupted. */
  readonly signal: AbortSignal;
  /** The PATH on which git and everything that the repository needs is found. */
  readonly searchPath: string;
  /** A folder that is this build's own, and that the build user can get to. */
  readonly workFolder: string;
};

/** What a build works with, once it is known that it can work. */
export type OpenBuild = Pick<BuildDeps, 'store' | 'now' | 'searchPath' | 'signal'> & {
  readonly env: BuildEnvironment;
  readonly startedAt: Date;
  readonly folder: WorkFolder;
  readonly git: Git;
  readonly workTree: WorkTree;
  readonly sandbox: Sandbox;
  /** Guarded: whoever runs it spends what the budget allows, and it is written down. */
  readonly agent: Agent;
  readonly spending: SpendingGuard;
  readonly logs: BuildLogs;
  readonly log: (line: string) => void;
  readonly redact: Redactor;
  /** Values that were given to what runs here: the agent's key, and variables whose names say so. */
  readonly secrets: readonly string[];
};

/** @throws AgentKeyMissing: without a key kiro-cli would wait for a login until it is stopped */
const readApiKey = async ({ agent }: BuildEnvironment, { readSecret }: BuildDeps): Promise<string> => {
  if (agent.kind === 'command') return '';
  const missing = (cause?: unknown): WorkerError =>
    new WorkerError(
      'AgentKeyMissing',
      `The secret ${agent.apiKeySecret} has no value: kiro-cli needs an API key.`,
      'Write the key into that secret.',
      { cause },
    );
  const key = await readSecret(agent.apiKeySecret).catch((error: unknown) => {
    throw hasCode(error, 'SecretMissing') ? missing(error) : error;
  });
  if (key.trim() === '') throw missing();
  return key.trim();
};

type PerformerWorld = Pick<OpenBuild, 'env' | 'searchPath' | 'log' | 'redact'> & { readonly folder: WorkFolder };

/** The agent that the environment names, not yet anywhere. */
const performerOf = (apiKey: string, world: PerformerWorld, { releases, pause }: BuildDeps): Performer => {
  const { env, folder, searchPath, log, redact } = world;
  const { agent, item } = env;
  if (agent.kind === 'command') return commandAgent(agent.command);
  const place = { store: releases, privateFolder: folder.private, agentFolder: folder.agent, searchPath, log };
  const { pin, engine } = agent;
  return kiroAgent(
    { engine, apiKey, specPath: item.specPath },
    {
      install: async () => (pin ? installPinnedAgent(pin, place) : { binary: 'kiro-cli', searchPath: null }),
      searchPath,
      redact,
      log,
      pause,
    },
  );
};

/** Values whose names say that they are nobody's business. */
const secretsAmong = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i.test(name) ? [value] : [],
  );

type Ground = Pick<OpenBuild, 'folder' | 'sandbox' | 'workTree'>;

const agentGroundOf = ({ sandbox, folder }: Ground): AgentGround => ({ sandbox, home: folder.home });

const openGround = async (
  folder: WorkFolder,
  user: BuildUser | null,
  build: Pick<OpenBuild, 'env' | 'searchPath' | 'signal' | 'log' | 'logs' | 'git'>,
): Promise<Ground> => {
  const { passedVariables } = build.env;
  const sandbox = await createSandbox({ folder, user, passedVariables }, build);
  return { folder, sandbox, workTree: openWorkTree({ ...build, folder, sandbox, uid: user?.uid ?? null }) };
};

/**
 * The same build on new ground: work tree, HOME and TMPDIR are empty, and nothing of what ran before can get to them. What an agent has left outside of its commits, in
 * `~/.npmrc`, in `node_modules/.bin`, in a process that got away, has no hold on what comes.
 */
export const renewGround = async (build: OpenBuild): Promise<OpenBuild> => {
  await build.sandbox.close();
  const user = await findBuildUser(build.env.buildUser, build);
  const folder = await renewWorkFolder(build.folder, user, build);
  const ground = await openGround(folder, user, build);
  return { ...build, ...ground, agent: build.agent.movedTo(agentGroundOf(ground)) };
};

/** Makes the folders, finds out as whom to run what is not ours, and closes what that user must not read. */
export const openBuild = async (env: BuildEnvironment, deps: BuildDeps): Promise<OpenBuild> => {
  const { store, searchPath, signal, now } = deps;
  const startedAt = now();
  const apiKey = await readApiKey(env, deps);
  const secrets = [...(apiKey ? [apiKey] : []), ...secretsAmong(env.passedVariables)];
  const redact = createRedactor(secrets);
  const log = (line: string) => deps.log(redact(line));
  const user = await findBuildUser(env.buildUser, { searchPath });
  if (user) await sealCredentials(codebuildCommandFolder);
  const folder = await createWorkFolder(deps.workFolder, user);
  const { log: keyOf, spending: key } = buildKeys(env.artifactsPrefix);
  const logs = createBuildLogs({ log, redact, store, folder: folder.private, keyOf });
  const git = openGit(folder.repository, { searchPath, signal, redact });
  const ground = await openGround(folder, user, { env, searchPath, signal, log, logs, git });
  log(
    user ? `agent and tests run as "${user.name}"` : 'agent and tests run as the same user as the worker: no isolation',
  );
  const performer = performerOf(apiKey, { env, folder, searchPath, log, redact }, deps);
  const unguarded = createAgent(performer, agentGroundOf(ground));
  const spending = guardSpending({ ...env, key }, { agent: unguarded, store, now });
  const tools = { store, now, searchPath, signal, git, logs, log, redact, secrets };
  return { env, startedAt, ...tools, ...ground, agent: spending.agent, spending };
};
