import { WorkerError } from '../../../domain/errors';

export type KiroEngine = 'v2' | 'v3';

/** What one version of kiro-cli can do, as its own help says: versions move weekly, and numbers say nothing about it. */
export type KiroAbilities = {
  readonly version: string;
  readonly engine: KiroEngine;
  /** The arguments that choose the engine; none where the version knows only one. */
  readonly engineArguments: readonly string[];
  readonly output: 'stream-json' | 'plain';
  /** Long options of `kiro-cli chat`. */
  readonly flags: readonly string[];
};

const flagsIn = (help: string): readonly string[] => [
  ...new Set([...help.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g)].map(([flag]) => flag)),
];

/** A value in a list of its own (`- v2: …`) begins with a dash, too. */
const isOption = (line: string): boolean => /^\s*--?[A-Za-z]/.test(line);

/** What the help says of one option: from its line to the next one that begins with an option; in a help of another form, up to the next option. */
const paragraphOf = (help: string, flag: string): string => {
  const lines = help.split('\n');
  const from = lines.findIndex((line) => isOption(line) && flagsIn(line).includes(flag));
  if (from < 0) return new RegExp(`(?<![\\w-])${flag}(?![\\w-])[^\\n]*?(?=\\s\\[?--|\\n|$)`).exec(help)?.[0] ?? '';
  const next = lines.findIndex((line, at) => at > from && isOption(line));
  return lines.slice(from, next < 0 ? undefined : next).join('\n');
};

/** Where the values are not listed, the only one that was ever seen is taken to be there. */
const outputOf = (help: string): KiroAbilities['output'] => {
  const paragraph = paragraphOf(help, '--output-format');
  const lists = /possible values|\b(?:json|text|plain)\b/i.test(paragraph);
  return /\bstream-json\b/.test(paragraph) || (paragraph !== '' && !lists) ? 'stream-json' : 'plain';
};

/** What every version since 2.0.0 knows: taken for true of one whose help lists no options at all. */
const BASIC_FLAGS = ['--no-interactive', '--trust-all-tools'];

const unsupported = (version: string, what: string): WorkerError =>
  new WorkerError(
    'AgentUnsupported',
    `kiro-cli ${version} ${what}.`,
    'Pin a version that can (docs/guides/agents.md), or choose the other engine.',
  );

/** V2 needs no naming where nothing else can be chosen. */
const engineArguments = (
  engine: KiroEngine,
  version: string,
  help: string,
  flags: readonly string[],
): readonly string[] => {
  const offered: readonly string[] = paragraphOf(help, '--agent-engine').match(/\b(?:v\d|kas|rust)\b/g) ?? [];
  if (offered.includes(engine)) return ['--agent-engine', engine];
  if (flags.includes(`--${engine}`)) return [`--${engine}`];
  if (engine === 'v2' && offered.length === 0) return [];
  throw unsupported(version, `has no engine ${engine}`);
};

/** Reads `kiro-cli chat --help`. @throws AgentUnsupported when it cannot work unattended, or not in a way whose success could be proved */
export const readKiroAbilities = (engine: KiroEngine, version: string, help: string): KiroAbilities => {
  const listed = flagsIn(help);
  const flags = listed.length > 0 ? listed : BASIC_FLAGS;
  for (const needed of BASIC_FLAGS)
    if (!flags.includes(needed))
      throw unsupported(version, `does not know ${needed}, without which nothing works unattended`);
  const output = outputOf(help);
  const named = engineArguments(engine, version, help, flags);
  if (engine === 'v3' && output === 'plain')
    throw unsupported(
      version,
      'has an engine v3 that does not report in stream-json, so nothing would prove that a run took place',
    );
  return { version, engine, engineArguments: named, output, flags };
};

/** What a repository may choose, in kiro-worker.yml. */
export type KiroChoices = {
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
  readonly requireMcp: boolean;
};

/** The command line of one run; the prompt goes to standard input, which has no limit. @throws AgentUnsupported */
export const kiroArguments = (
  abilities: KiroAbilities,
  { profile, model, requireMcp }: KiroChoices,
): readonly string[] => {
  const { version, flags, output } = abilities;
  const need = (flag: string, ...values: readonly string[]): readonly string[] => {
    if (!flags.includes(flag)) throw unsupported(version, `does not know ${flag}, which kiro-worker.yml asks for`);
    return [flag, ...values];
  };
  return [
    'chat',
    '--no-interactive',
    ...abilities.engineArguments,
    '--trust-all-tools',
    ...(output === 'stream-json' ? ['--output-format', 'stream-json'] : []),
    ...(flags.includes('--wrap') ? ['--wrap', 'never'] : []),
    ...(profile === undefined ? [] : need('--agent', profile)),
    ...(model === undefined ? [] : need('--model', model)),
    ...(requireMcp ? need('--require-mcp-startup') : []),
  ];
};
