import { join } from 'node:path';
import { exitCodes, hasCode } from '../../domain/errors';
import { seedOfBoard, settingsOfBoard } from '../../local/board/board-of-file';
import type { Report } from '../../local/report/report';
import { openRepository } from '../../local/repository/open-repository';
import type { CliContext, Command } from '../command';
import { type LocalSession, openLocal } from '../open-local';
import { parseRunRequest, type RunRequest } from '../parse-run-request';
import { createNarrator, type Narrator } from '../render/narrator';
import { samePlace } from '../state-folder';
import { writeReport } from '../write-report';

const openRun = async (
  { source, stateFolder, base, board, agentCommand, passedVariables, port }: RunRequest,
  narrator: Narrator,
  context: CliContext,
): Promise<LocalSession> => {
  const prepare = async () => {
    const branches = board.items.flatMap(({ branch }) => branch ?? []);
    const place = { source, stateFolder, base, branches };
    const repository = await openRepository(place, { env: context.env, signal: context.signal });
    return {
      settings: {
        version: 1 as const,
        source: source.shown,
        repository,
        agentCommand,
        passedVariables,
        programFolders: [],
        maxConcurrentItems: 1,
      },
      board: { seed: seedOfBoard(board, repository), settings: settingsOfBoard(board, repository) },
    };
  };
  return openLocal({ stateFolder, prepare, port, onLiveEvent: narrator.live }, context);
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

const finishedWork = ({ source }: RunRequest, { worker }: LocalSession): string =>
  source.kind === 'address'
    ? `Finished work: git fetch '${worker.settings.repository.path}' BRANCH (nothing was pushed to ${source.shown})`
    : 'Finished work: on the feature branches of your repository, one commit per task.';

/** Where to look now; only what there is. */
const nextSteps = (
  { items }: Report,
  where: { readonly pullRequests: string; readonly finished: string; readonly place: string },
): readonly string[] => {
  const lines = [
    ...(items.some(({ pullRequest }) => pullRequest)
      ? [`Pull requests and their verdicts: ${where.pullRequests}`]
      : []),
    ...(items.some(({ commits }) => commits.length > 0) ? [where.finished] : []),
    ...(items.some(({ deadLetters }) => deadLetters.length > 0)
      ? [`What failed, and why: npx kiro-worker dlq list${where.place}`]
      : []),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
};

export const run: Command = {
  name: 'run',
  summary: 'Works on your own repository and a board file, on this machine',
  usage:
    'run --repo PATH_OR_URL --board FILE.json --agent "COMMAND" [--base BRANCH] [--pass NAMES] [--state FOLDER] [--port PORT] [--json [FILE]]',
  options: {
    repo: 'PATH_OR_URL of the repository',
    board: 'FILE with the board: docs/guides/board-file.md',
    agent: 'COMMAND that does one task in the work tree, or kiro-cli: docs/guides/agents.md',
    base: 'BRANCH that the pull requests are for; default: what origin calls its default, main, or master',
    pass: 'NAMES of variables, with commas between, that install, agent and tests get as well, e.g. HOME',
    state: 'FOLDER of the local state; default .kiro-worker',
    port: 'PORT of the local AWS; default: a free one',
  },
  positionals: [],
  jsonTakesFile: true,
  run: async (input, context) => {
    const request = parseRunRequest(input, run.usage, context);
    const narrator = createNarrator(input, context);
    const session = await openRun(request, narrator, context);
    try {
      narrator.begin(session.worker);
      const report = await work(session, context);
      writeReport(report, input, context);
      narrator.end(report);
      if (input.json !== '-')
        for (const line of nextSteps(report, {
          pullRequests: join(request.stateFolder, 'pull-requests'),
          finished: finishedWork(request, session),
          place: samePlace(input),
        }))
          context.print(line);
      return exitCodeOf(report);
    } finally {
      await session.close();
    }
  },
};
