import { resolve } from 'node:path';
import { WorkerError } from '../domain/errors';
import type { CliContext, CommandInput } from './command';
import { inspectAgent } from './inspect-agent';
import { optionOf } from './run/options';

/** Which agent a run on this machine uses. */
export type AgentChoice = {
  readonly command: string;
  readonly engine: 'v2' | 'v3';
  readonly sha256: string | null;
  /** A zip that is to be put into the run's releases bucket first. */
  readonly zip: string | null;
};

/** The options that belong to it, for a command's list. */
export const agentOptions = {
  agent: 'COMMAND that does one task in the work tree, or kiro-cli: docs/guides/agents.md',
  engine: 'ENGINE of kiro-cli, v2 or v3; default v2',
  'agent-zip': 'FILE with a Kiro CLI that builds install, in place of the one on the PATH',
  'agent-sha256': 'DIGEST of a Kiro CLI that was added before (kiro-worker agent list)',
} as const;

const invalid = (message: string, remedy: string): WorkerError => new WorkerError('ValidationError', message, remedy);

const checkKey = ({ env }: CliContext): void => {
  if (env.KIRO_API_KEY) return;
  throw invalid(
    'KIRO_API_KEY is not set: without a key kiro-cli waits for a login that nobody can give.',
    'Set it in the environment, not on the command line.',
  );
};

/** @throws ValidationError */
export const parseAgentChoice = async (
  command: string,
  input: CommandInput,
  context: CliContext,
): Promise<AgentChoice> => {
  const engine = optionOf(input, 'engine') ?? null;
  const zip = optionOf(input, 'agent-zip') ?? null;
  const sha256 = optionOf(input, 'agent-sha256') ?? null;
  if (command.trim() !== 'kiro-cli') {
    const given = Object.entries({ engine, 'agent-zip': zip, 'agent-sha256': sha256 }).find(
      ([, value]) => value !== null,
    );
    if (given) throw invalid(`--${given[0]} is for the Kiro CLI alone.`, 'Leave it out, or use --agent kiro-cli.');
    return { command, engine: 'v2', sha256: null, zip: null };
  }
  checkKey(context);
  if (engine !== null && engine !== 'v2' && engine !== 'v3')
    throw invalid(`There is no engine "${engine}".`, 'Give v2 or v3.');
  if (zip !== null && sha256 !== null)
    throw invalid('--agent-zip and --agent-sha256 name two agents.', 'Give one of them.');
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256))
    throw invalid(`"${sha256}" is no SHA-256.`, 'kiro-worker agent list shows those that were added.');
  const common = { command, engine: engine ?? 'v2' } as const;
  if (zip === null) return { ...common, sha256, zip: null };
  const path = resolve(context.cwd, zip);
  const archive = await inspectAgent(path, new Date());
  return { ...common, sha256: archive.sha256, zip: path };
};
