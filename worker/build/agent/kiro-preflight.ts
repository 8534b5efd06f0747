import { WorkerError } from '../../../domain/errors';
import { type RetryDeps, retryTransient } from '../../../domain/retry-transient';
import type { ForeignEnd, Sandbox } from '../sandbox';
import { judgeAgentEnd } from './judge-agent-end';
import { type KiroAbilities, type KiroEngine, readKiroAbilities } from './kiro-abilities';
import { explainKiroWords } from './kiro-words';
import { createLineSplitter } from './line-splitter';
import { collectOwnWords } from './own-words';
import { createTextReader } from './read-text';

/** Each of these questions is answered in a few seconds, or never. */
const SECONDS = 60;

type Question = {
  readonly args: readonly string[];
  readonly name: string;
  /** False: the answer names a person, which is nobody's business. */
  readonly isLogged: boolean;
};
type Answer = ForeignEnd & { readonly stdout: string; readonly stderr: string; readonly asksForLogin: boolean };

type Setting = {
  readonly binary: string;
  readonly engine: KiroEngine;
  readonly variables: Readonly<Record<string, string>>;
};
type Deps = RetryDeps & { readonly sandbox: Pick<Sandbox, 'run'>; readonly log: (line: string) => void };

const ask = async (
  { args, name, isLogged }: Question,
  { binary, variables }: Setting,
  { sandbox }: Deps,
): Promise<Answer> => {
  const stop = new AbortController();
  const text = createTextReader(isLogged);
  const own = collectOwnWords(() => stop.abort());
  const lines = () => createLineSplitter({ onLine: own.add, onTooLong: () => undefined });
  const streams = { stdout: lines(), stderr: lines() };
  const reader = {
    ...text,
    read: (chunk: Buffer, stream: 'stdout' | 'stderr') => {
      streams[stream].write(chunk);
      return text.read(chunk, stream);
    },
  };
  const end = await sandbox.run({
    command: binary,
    args,
    logName: `agent-${name}.log`,
    title: `agent ${name}`,
    timeoutSeconds: SECONDS,
    variables,
    reader,
    stop: stop.signal,
  });
  return { ...end, ...text.texts(), asksForLogin: own.facts().asksForLogin };
};

/** A program that cannot even be asked. */
const judgeAnswer = (answer: Answer, who: string): void => {
  const meaning = explainKiroWords(`${answer.stdout}\n${answer.stderr}`);
  if (answer.exitCode !== 0 && meaning)
    throw new WorkerError(
      meaning.code,
      `${meaning.message} (${who}): ${answer.stderr.trim().slice(-500)}`,
      meaning.remedy,
    );
  if (answer.ending === 'timed-out')
    throw new WorkerError(
      'AgentUnavailable',
      `${who} gave no answer in ${SECONDS} s.`,
      'Try again later; if it lasts, run it by hand where it is to work.',
    );
  judgeAgentEnd(answer, who);
};

/** Its own line first: a version prints which newer one there is, too. */
const VERSIONS = [/\bkiro-cli\S* v?(\d+\.\d+\.\d+[\w.+-]*)/, /\b(\d+\.\d+\.\d+[\w.+-]*)/];

const readVersion = async (setting: Setting, deps: Deps): Promise<string> => {
  const answer = await ask({ args: ['--version'], name: 'version', isLogged: true }, setting, deps);
  judgeAnswer(answer, 'kiro-cli --version');
  const [, version] = VERSIONS.map((pattern) => pattern.exec(answer.stdout)).find((found) => found !== null) ?? [];
  if (version) return version;
  throw new WorkerError(
    'AgentNotFound',
    `The program "${setting.binary}" is not kiro-cli: asked for its version, it said ${JSON.stringify(answer.stdout.trim().slice(0, 200))}.`,
    'Pin kiro-cli (docs/guides/agents.md), or put it on the PATH of the builder.',
  );
};

/** Costs nothing, and says whether the key is worth anything: `chat` with a bad one exits with 0, and with none waits for ever. */
const checkKey = async (version: string, setting: Setting, deps: Deps): Promise<void> => {
  const who = `kiro-cli ${version} whoami`;
  const answer = await ask({ args: ['whoami'], name: 'whoami', isLogged: false }, setting, deps);
  const text = `${answer.stdout}\n${answer.stderr}`;
  if (/Authenticated with API key/i.test(text) && !/Authentication failed/i.test(text)) return;
  const meaning = explainKiroWords(text);
  if (meaning && meaning.code !== 'AgentKeyRefused')
    throw new WorkerError(meaning.code, `${meaning.message} (${who}): ${text.trim().slice(-500)}`, meaning.remedy);
  if (!meaning && !answer.asksForLogin && (answer.ending === 'timed-out' || answer.exitCode !== 0))
    judgeAnswer({ ...answer, tail: text }, who); // its log is empty: when all is well, the answer names a person
  throw new WorkerError(
    'AgentKeyRefused',
    `kiro-cli ${version} did not accept the API key: whoami does not say "Authenticated with API key".`,
    'Write a valid key into the secret kiro-api-key (kiro.dev → API keys); the plan must include keys, and administrators must have enabled them.',
  );
};

/**
 * Finds out, before anything costs money, that the program is there, that it takes the key, and what its version can do.
 * @throws AgentNotFound, AgentKeyRefused, AgentUnsupported, AgentUnavailable
 */
export const preflightKiro = async (setting: Setting, deps: Deps): Promise<KiroAbilities> => {
  const version = await readVersion(setting, deps);
  await retryTransient(() => checkKey(version, setting, deps), deps);
  const answer = await ask({ args: ['chat', '--help'], name: 'abilities', isLogged: true }, setting, deps);
  judgeAnswer(answer, `kiro-cli ${version} chat --help`);
  const abilities = readKiroAbilities(setting.engine, version, `${answer.stdout}\n${answer.stderr}`);
  deps.log(
    `kiro-cli ${version}: the key is accepted; engine ${abilities.engine}${abilities.engineArguments.length > 0 ? ` (${abilities.engineArguments.join(' ')})` : ''}, ` +
      `output ${abilities.output}; knows ${abilities.flags.join(' ')}`,
  );
  return abilities;
};
