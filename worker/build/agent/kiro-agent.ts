import { join } from 'node:path';
import { describeError, errorCatalogue, WorkerError } from '../../../domain/errors';
import type { Redactor } from '../../../domain/redaction';
import { type RetryDeps, retryTransient } from '../../../domain/retry-transient';
import { redactStrings } from '../redact-strings';
import type { ForeignEnd } from '../sandbox';
import {
  type AgentGround,
  type AgentRun,
  type Assignment,
  assignmentVariables,
  type Performer,
  stopReasonOf,
} from './agent';
import { complaintOf, judgeKiroRun } from './judge-kiro-run';
import { type KiroAbilities, type KiroEngine, kiroArguments } from './kiro-abilities';
import { preflightKiro } from './kiro-preflight';
import { createPlainReader } from './read-plain';
import { createStreamReader } from './read-stream';
import type { RunEvents, RunFacts } from './run-facts';

export type KiroSetting = {
  readonly engine: KiroEngine;
  /** Goes to the agent's processes and nowhere else. Never empty: without a key it waits for a login. */
  readonly apiKey: string;
  readonly specPath: string;
};

/** The program, and the PATH on which it finds the others of its kind; null: as the sandbox has it. */
export type KiroProgram = { readonly binary: string; readonly searchPath: string | null };

type Deps = RetryDeps & {
  /** Puts the pinned program in its place, if one is pinned. */
  readonly install: () => Promise<KiroProgram>;
  readonly searchPath: string;
  readonly redact: Redactor;
  readonly log: (line: string) => void;
};

/** So long may the process take to end once it has said that the run is over. */
const LEAVE_SECONDS = 5;

/** It must neither update itself nor call home nor wait for a terminal. */
const QUIET = {
  KIRO_NO_AUTO_UPDATE: '1',
  KIRO_DISABLE_TELEMETRY: '1',
  KIRO_CLI_SKIP_SETUP: '1',
  KIRO_LOG_NO_COLOR: '1',
  NO_COLOR: '1',
};

/** Settings, hooks, sessions and a login of somebody else, which would go before the key: what install scripts may have left there. */
const OWN_FOLDERS = ['.kiro', '.local/share/kiro-cli', '.aws/sso'];

type Prepared = { readonly program: KiroProgram; readonly abilities: KiroAbilities };
type Attempted = { readonly run: AgentRun } | { readonly failure: unknown };

const isRetryable = (error: unknown): boolean => error instanceof WorkerError && errorCatalogue[error.code].retryable;

const redacted = (facts: RunFacts, redact: Redactor): RunFacts => redactStrings(facts, redact) as RunFacts;

/** Ends the process when it has to log somebody in, or does not leave although it is done. */
const createStopper = () => {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const events: RunEvents = {
    onLogin: () => stop.abort(),
    onFinished: () => {
      timer ??= setTimeout(() => stop.abort(), LEAVE_SECONDS * 1000);
    },
    onGoesOn: settle,
  };
  return { signal: stop.signal, events, settle };
};

/** The Kiro CLI without a terminal. */
export const kiroAgent = (setting: KiroSetting, deps: Deps): Performer => {
  let preparation: Promise<Prepared> | null = null;
  let known: KiroAbilities | null = null;

  const variablesOf = ({ searchPath }: KiroProgram): Readonly<Record<string, string>> => ({
    ...QUIET,
    KIRO_API_KEY: setting.apiKey,
    ...(searchPath === null ? {} : { PATH: searchPath }),
  });
  const prepareOnce = async ({ sandbox }: AgentGround): Promise<Prepared> => {
    const program = await deps.install();
    const variables = { ...variablesOf(program), KIRO_WORKER_SPEC_PATH: setting.specPath };
    known = await preflightKiro({ binary: program.binary, engine: setting.engine, variables }, { ...deps, sandbox });
    return { program, abilities: known };
  };
  const prepare = (ground: AgentGround): Promise<Prepared> => {
    preparation ??= prepareOnce(ground);
    return preparation;
  };

  /** As the build user, whose folders these are: as root a planted link would lead anywhere. */
  const clearHome = async ({ sandbox, home }: AgentGround): Promise<void> => {
    const paths = OWN_FOLDERS.map((folder) => join(home, folder));
    const script = 'for path; do chmod u+rwx "${path%/*}"; chmod -R u+rwX "$path"; done 2> /dev/null; rm -rf -- "$@"';
    const args = ['-c', script, 'sh', ...paths];
    const { exitCode, stderr } = await sandbox.runOurs({ command: 'sh', args, env: { PATH: deps.searchPath } });
    if (exitCode === 0) return;
    throw new WorkerError(
      'AgentDied',
      `What the repository has left for kiro-cli in HOME cannot be taken away: ${stderr.trim().slice(0, 500)}.`,
      'See in the log of the install what it writes there.',
    );
  };

  const runOnce = async (
    assignment: Assignment,
    timeoutSeconds: number,
    ground: AgentGround,
    { program, abilities }: Prepared,
  ): Promise<{ readonly end: ForeignEnd; readonly facts: RunFacts }> => {
    const { task, prompt, stallSeconds, choices } = assignment;
    const args = kiroArguments(abilities, choices);
    await clearHome(ground);
    const { signal, events, settle } = createStopper();
    const reader = abilities.output === 'stream-json' ? createStreamReader(events) : createPlainReader(events);
    const end = await ground.sandbox.run({
      command: program.binary,
      args,
      logName: `agent-${task.id}.log`,
      title: `agent ${task.id}`,
      stdin: prompt,
      timeoutSeconds,
      stallSeconds,
      variables: { ...variablesOf(program), ...assignmentVariables(assignment) },
      reader,
      stop: signal,
    });
    settle();
    return { end, facts: redacted(reader.facts(), deps.redact) };
  };

  const tell = (
    { id }: Assignment['task'],
    { engine, credits, deniedTools, finished, otherModel }: RunFacts,
    asked: KiroEngine,
  ): void => {
    const denied = deniedTools.length > 0 ? `; denied: ${deniedTools.slice(0, 5).join(', ')}` : '';
    deps.log(
      `task ${id}: kiro-cli ended (${finished?.stopReason ?? 'with its trailer'}), ${credits ?? 'unknown'} credits${denied}`,
    );
    if (otherModel !== null) deps.log(`task ${id}: kiro-cli did not use the model that was asked for: ${otherModel}`);
    if (engine !== null && engine !== asked)
      deps.log(`task ${id}: kiro-cli says that it ran engine ${engine}, and was asked for ${asked}`);
  };

  const attempt = async (
    assignment: Assignment,
    timeoutSeconds: number,
    ground: AgentGround,
    spent: Parameters<Performer['perform']>[2],
  ): Promise<Attempted> => {
    const prepared = await prepare(ground);
    const { abilities } = prepared;
    const { task, choices } = assignment;
    const { end, facts } = await runOnce(assignment, timeoutSeconds, ground, prepared);
    const { seconds } = end;
    const { credits, deniedTools } = facts;
    const who = `kiro-cli at task ${task.id}`;
    try {
      const streams = abilities.output === 'stream-json';
      judgeKiroRun(end, facts, { who, profile: choices.profile ?? null, requireMcp: choices.requireMcp, streams });
    } catch (error) {
      spent({ seconds, credits, stopReason: stopReasonOf(error) });
      // What has begun to work has cost, and has left its traces in the work tree: that is not simply tried again.
      if (facts.acted || (credits ?? 0) > 0 || !isRetryable(error)) return { failure: error };
      deps.log(`task ${task.id}: ${stopReasonOf(error)}: ${describeError(error)}`);
      throw error;
    }
    const stopReason = facts.finished?.stopReason ?? null;
    spent({ seconds, credits, stopReason });
    tell(task, facts, abilities.engine);
    const complaint = complaintOf(facts, who);
    return { run: { seconds, credits, stopReason, version: abilities.version, deniedTools, complaint } };
  };

  return {
    prepare: async (ground) => {
      await prepare(ground);
    },
    describe: () => ({
      kind: 'kiro-cli',
      version: known?.version ?? null,
      engine: known?.engine ?? null,
      output: known?.output ?? null,
    }),
    perform: async (assignment, ground, spent) => {
      let left = assignment.timeoutSeconds;
      const attempted = await retryTransient(
        () =>
          attempt(assignment, left, ground, (record) => {
            left = Math.max(1, left - record.seconds);
            spent(record);
          }),
        deps,
      );
      if ('failure' in attempted) throw attempted.failure;
      return attempted.run;
    },
  };
};
