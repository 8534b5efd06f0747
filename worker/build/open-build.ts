import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { type Git, openGit } from '../../adapters/git/git';
import { buildKeys } from '../../domain/artifact-keys';
import { WorkerError } from '../../domain/errors';
import { createRedactor, type Redactor } from '../../domain/redaction';
import type { BuildEnvironment } from '../env';
import { type Agent, createAgent } from './agent/agent';
import { type BuildLogs, createBuildLogs } from './build-logs';
import { findBuildUser } from './build-user';
import { createSandbox, type Sandbox } from './sandbox';
import { codebuildCommandFolder, sealCredentials } from './seal-credentials';
import { createWorkFolder, type WorkFolder } from './work-folder';
import { openWorkTree, type WorkTree } from './work-tree';

export type BuildDeps = {
  readonly store: ArtifactStore;
  readonly readSecret: (name: string) => Promise<string>;
  readonly log: (line: string) => void;
  readonly now: () => Date;
  /** Aborted: the build ends all that it started and stops with Interrupted. */
  readonly signal: AbortSignal;
  /** The PATH on which git and everything that the repository needs is found. */
  readonly searchPath: string;
  /** A folder that is this build's own, and that the build user can get to. */
  readonly workFolder: string;
};

/** What a build works with, once it is known that it can work. */
export type OpenBuild = Pick<BuildDeps, 'store' | 'now' | 'searchPath'> & {
  readonly env: BuildEnvironment;
  readonly startedAt: Date;
  readonly folder: WorkFolder;
  readonly git: Git;
  readonly workTree: WorkTree;
  readonly sandbox: Sandbox;
  readonly agent: Agent;
  readonly logs: BuildLogs;
  readonly log: (line: string) => void;
  readonly redact: Redactor;
};

const readApiKey = async ({ agent }: BuildEnvironment, { readSecret }: BuildDeps): Promise<string> => {
  if (agent.kind === 'command') return '';
  const key = (await readSecret(agent.apiKeySecret)).trim();
  // Without a key kiro-cli waits for a login until it is stopped.
  if (key === '')
    throw new WorkerError(
      'AuthenticationFailed',
      `The secret ${agent.apiKeySecret} is empty: kiro-cli needs an API key.`,
      'Write the key into that secret.',
    );
  return key;
};

/** Values whose names say that they are nobody's business. */
const secretsAmong = (variables: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/i.test(name) ? [value] : [],
  );

/** Makes the folders, finds out as whom to run what is not ours, and closes what that user must not read. */
export const openBuild = async (env: BuildEnvironment, deps: BuildDeps): Promise<OpenBuild> => {
  const { store, searchPath, signal, now } = deps;
  const startedAt = now();
  const apiKey = await readApiKey(env, deps);
  const { passedVariables } = env;
  const redact = createRedactor([...(apiKey ? [apiKey] : []), ...secretsAmong(passedVariables)]);
  const log = (line: string) => deps.log(redact(line));
  const user = await findBuildUser(env.buildUser, { searchPath });
  if (user) await sealCredentials(codebuildCommandFolder);
  const folder = await createWorkFolder(deps.workFolder, user);
  const keyOf = buildKeys(env.artifactsPrefix).log;
  const logs = createBuildLogs({ log, redact, store, folder: folder.private, keyOf });
  const sandbox = await createSandbox({ folder, user, passedVariables }, { searchPath, signal, log, logs });
  const git = openGit(folder.repository, { searchPath, signal, redact });
  const workTree = openWorkTree({ git, folder, sandbox, searchPath, uid: user?.uid ?? null, log });
  log(
    user ? `agent and tests run as "${user.name}"` : 'agent and tests run as the same user as the worker: no isolation',
  );
  const agent = createAgent(env.agent, apiKey, { sandbox });
  return { env, startedAt, store, now, searchPath, folder, git, workTree, sandbox, agent, logs, log, redact };
};
