import { join, resolve } from 'node:path';
import { exitCodes, hasCode, WorkerError } from '../../domain/errors';
import { readBoardFile } from '../../local/board/board-file';
import { seedOfBoard, settingsOfBoard } from '../../local/board/board-of-file';
import type { Report } from '../../local/report/report';
import { openRepository } from '../../local/repository/open-repository';
import { parseRepositorySource, type RepositorySource } from '../../local/repository/parse-source';
import { addAgentZip } from '../add-agent-zip';
import { agentOptions, parseAgentChoice } from '../agent-choice';
import type { CliContext, Command, CommandInput } from '../command';
import { type LocalSession, openLocal } from '../open-local';
import { parsePort } from '../parse-port';
import { createNarrator } from '../render/narrator';
import { repositoryState, stateRoot } from '../state-folder';
import { writeReport } from '../write-report';

const required = (input: CommandInput, name: string): string => {
  const value = input.options[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new WorkerError('ValidationError', `--${name} is missing.`, `Usage: kiro-worker ${run.usage}`);
};

const optional = (input: CommandInput, name: string): string | undefined => {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
};

/** Names that the person wants the build to have as well. A name that is not set here would be missed there, in the middle of a build. */
const parsePassedVariables = (input: CommandInput, { env }: CliContext): string[] => {
  const names = (optional(input, 'pass') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const absent = names.find((name) => env[name] === undefined);
  if (absent === undefined) return names;
  throw new WorkerError('ValidationError', `The variable ${absent} is not set.`, 'Set it, or leave it out of --pass.');
};

const work = async (session: LocalSession, { signal }: CliContext): Promise<Report> => {
  const startedAt = new Date();
  try {
    const ticks = await session.worker.work(signal);
    return session.report({ startedAt, ticks, interrupted: false });
  } catch (error) {
    if (!hasCode(error, 'Interrupted')) throw error;
    return session.report({ startedAt, ticks: 0, interrupted: true });
  }
};

/** Items that nobody asked for (not ready) do not spoil the exit code. */
const exitCodeOf = ({ items, interrupted }: Report): number => {
  if (interrupted) return exitCodes.interrupted;
  return items.every(({ outcome }) => outcome === 'green' || outcome === 'untouched')
    ? exitCodes.success
    : exitCodes.itemsNotGreen;
};

const showWhere = (source: RepositorySource, session: LocalSession, stateFolder: string, context: CliContext): void => {
  const { path } = session.worker.settings.repository;
  context.print(`\nPull requests and their verdicts: ${join(stateFolder, 'pull-requests')}`);
  if (source.kind === 'address')
    context.print(`Finished work: git fetch '${path}' BRANCH (nothing was pushed to ${source.shown})`);
  else context.print('Finished work: on the feature branches of your repository, one commit per task.');
  context.print('What failed: npx kiro-worker dlq list');
};

export const run: Command = {
  name: 'run',
  summary: 'Works on your own repository and a board file, on this machine',
  usage:
    'run --repo PATH_OR_URL --board FILE.json --agent "COMMAND" [--engine ENGINE] [--agent-zip FILE | --agent-sha256 DIGEST] [--base BRANCH] [--pass NAMES] [--state FOLDER] [--port PORT] [--json [FILE]]',
  options: {
    repo: 'PATH_OR_URL of the repository',
    board: 'FILE with the board: docs/guides/board-file.md',
    ...agentOptions,
    base: 'BRANCH that the pull requests are for; default: what origin calls its default, main, or master',
    pass: 'NAMES of variables, with commas between, that install, agent and tests get as well, e.g. HOME',
    state: 'FOLDER of the local state; default .kiro-worker',
    port: 'PORT of the local AWS; default: a free one',
  },
  positionals: [],
  jsonTakesFile: true,
  run: async (input, context) => {
    const repo = required(input, 'repo');
    const boardPath = resolve(context.cwd, required(input, 'board'));
    const agentCommand = required(input, 'agent');
    const file = readBoardFile(boardPath);
    const passedVariables = parsePassedVariables(input, context);
    const agent = await parseAgentChoice(agentCommand, input, context);
    const port = parsePort(input);
    const source = parseRepositorySource(repo, context.cwd);
    const stateFolder = repositoryState(stateRoot(input, context), source.kind === 'folder' ? source.path : source.url);
    const repository = await openRepository(
      {
        source,
        stateFolder,
        base: optional(input, 'base'),
        branches: file.items.flatMap(({ branch }) => branch ?? []),
      },
      { env: context.env, signal: context.signal },
    );
    const narrator = createNarrator(input, context);
    const session = await openLocal(
      {
        stateFolder,
        run: {
          settings: {
            version: 1,
            source: source.shown,
            repository,
            agentCommand,
            agentEngine: agent.engine,
            agentSha256: agent.sha256,
            passedVariables,
            programFolders: [],
            maxConcurrentItems: 1,
          },
          board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
        },
        port,
        onLiveEvent: narrator.live,
      },
      context,
    );
    try {
      if (agent.zip) await addAgentZip(agent.zip, session);
      narrator.begin(session.worker);
      const report = await work(session, context);
      writeReport(report, input, context);
      narrator.end(report);
      if (input.json !== '-') showWhere(source, session, stateFolder, context);
      return exitCodeOf(report);
    } finally {
      await session.close();
    }
  },
};
