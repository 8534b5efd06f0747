import { oldestGit } from '../../adapters/git/oldest-git';
import { type ProgramEnd, runProgram } from '../../adapters/process/run-program';
import { isAtLeast } from '../../domain/is-at-least';
import { absoluteSearchPath } from '../../domain/search-path';
import { findBuildUser } from '../../local/build-user';
import type { CliContext } from '../command';
import { type Finding, findingsOf } from './finding';

const { good, warning, problem } = findingsOf('machine');

const OLDEST_NODE = [20, 19] as const;
const SECONDS = 20;

type Env = CliContext['env'];

const ask = (command: string, args: readonly string[], env: Env): Promise<ProgramEnd> =>
  runProgram({
    command,
    args,
    cwd: '/',
    env: { PATH: absoluteSearchPath(env.PATH ?? ''), HOME: env.HOME ?? '/', LC_ALL: 'C' },
    timeoutSeconds: SECONDS,
  });

const checkNode = (version: string): Finding =>
  isAtLeast(version, OLDEST_NODE)
    ? good('node-version', `Node.js ${version}.`)
    : problem('node-version', `Node.js ${version} is too old.`, `Install Node.js ${OLDEST_NODE.join('.')} or newer.`);

const checkGit = async (env: Env): Promise<Finding> => {
  const { ending, exitCode, stdout } = await ask('git', ['--version'], env);
  const version = /(\d+\.\d+(?:\.\d+)*)/.exec(stdout)?.[1];
  const wanted = `Install git ${oldestGit.join('.')} or newer, and put it on the PATH.`;
  if (ending !== 'exited' || exitCode !== 0 || version === undefined)
    return problem('git-version', 'The program git was not found, or does not say its version.', wanted);
  return isAtLeast(version, oldestGit)
    ? good('git-version', `git ${version}.`)
    : problem('git-version', `git ${version} is too old.`, wanted);
};

const checkKiro = async (env: Env, isAsked: boolean): Promise<readonly Finding[]> => {
  const { ending, exitCode, stdout } = await ask('kiro-cli', ['--version'], env);
  const say = isAsked ? problem : warning;
  const isThere = ending === 'exited' && exitCode === 0;
  const remedy = isAsked
    ? 'Install it, or name another agent with --agent COMMAND.'
    : 'It is needed only for run --agent kiro-cli; in AWS the build brings its own.';
  const program = isThere
    ? good('agent', `${stdout.trim().split('\n')[0]?.slice(0, 80)}.`)
    : say('agent', 'The program kiro-cli was not found.', remedy);
  if (env.KIRO_API_KEY) return [program, good('agent-key', 'KIRO_API_KEY is set.')];
  return [program, say('agent-key', 'KIRO_API_KEY is not set.', 'Set it in the environment to run kiro-cli here.')];
};

/** The program that a shell command begins with; null when that cannot be told without a shell. */
const programOf = (command: string): string | null => {
  const [, single, double, bare] = /^\s*(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()=]+))(?=\s|$)/.exec(command) ?? [];
  return single ?? double ?? bare ?? null;
};

const checkCommand = async (command: string, env: Env): Promise<Finding> => {
  const program = programOf(command);
  if (program === null) return good('agent', 'The agent is a shell command; it is looked for when it is run.');
  const { exitCode } = await ask('sh', ['-c', 'command -v -- "$1"', 'sh', program], env);
  return exitCode === 0
    ? good('agent', `The agent's program ${program} is there.`)
    : problem('agent', `The agent's program ${program} was not found.`, 'Install it, or correct --agent.');
};

const checkIsolation = async (env: Env): Promise<Finding> => {
  const { user, reason } = await findBuildUser(absoluteSearchPath(env.PATH ?? ''));
  if (user !== '') return good('isolation', `Builds run as the user ${user}.`);
  return warning(
    'isolation',
    `Builds run as your own user (${reason}): agent and tests can do what you can.`,
    'Run the worker as root (it drops to an unprivileged user), or only on repositories that you trust.',
  );
};

/** What the worker needs on this machine. `agent` is the command that the person means to use; absent: none is named. */
export const checkMachine = async (agent: string | undefined, { env }: CliContext): Promise<readonly Finding[]> => [
  checkNode(process.versions.node),
  await checkGit(env),
  ...(agent === undefined || agent.trim() === 'kiro-cli'
    ? await checkKiro(env, agent !== undefined)
    : [await checkCommand(agent, env)]),
  await checkIsolation(env),
];
