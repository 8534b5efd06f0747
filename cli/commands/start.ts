import { relative } from 'node:path';
import { exitCodes, hasCode, WorkerError } from '../../domain/errors';
import { moveBoardItem } from '../../local/board/read-board';
import type { Report } from '../../local/report/report';
import { checkEnds } from '../../local/sample/check-ends';
import { mendSample, openSample } from '../../local/sample/open-sample';
import { holdItem } from '../../local/sample/other-worker';
import { expectedEnds, heldItemNumber, mendedItem } from '../../local/sample/sample-items';
import type { CliContext, Command, CommandInput } from '../command';
import { type LocalSession, openLocal } from '../open-local';
import { parsePort } from '../parse-port';
import { redriveDeadLetter } from '../redrive-dead-letter';
import { createNarrator, type Narrator } from '../render/narrator';
import { renderColumns } from '../render/table';
import { standInModel } from '../stand-in-model';
import { startAgentFaults } from '../start-agent-faults';
import { samePlace, sampleState, stateRoot } from '../state-folder';
import { writeReport } from '../write-report';

/** Runs in which executions were killed may have used up an item's attempts; a person would move it back to Ready. */
const MOST_ROUNDS = 3;

const moveParkedItems = (report: Report, { worker }: LocalSession, narrator: Narrator): boolean => {
  const parked = report.items.filter(({ reason }) => reason?.code === 'AttemptsUsedUp');
  for (const { number } of parked) {
    narrator.note(`#${number} was interrupted too often and waits for a person: moved back to Ready.`);
    moveBoardItem(standInModel(worker), number, 'Ready');
  }
  return parked.length > 0;
};

/** Redrives what failed because of the planted fault, once that has been mended. */
const redriveMended = async (
  report: Report,
  mend: () => void,
  { deadLetters }: LocalSession,
  narrator: Narrator,
): Promise<void> => {
  const item = report.items.find(({ number }) => number === mendedItem.number);
  if (!item || item.outcome === 'green') return;
  mend();
  const letter = (await deadLetters.list()).findLast((candidate) => candidate.item.itemId === item.itemId);
  if (!letter) return;
  narrator.note(`\nThe cause of #${item.number} is mended. What follows is: npx kiro-worker dlq redrive ${letter.id}`);
  await redriveDeadLetter(letter, deadLetters);
};

const workOnSample = async (
  session: LocalSession,
  mend: () => void,
  narrator: Narrator,
  { signal }: CliContext,
): Promise<Report> => {
  const startedAt = new Date();
  let ticks = 0;
  const report = (interrupted: boolean) => session.report({ startedAt, ticks, interrupted });
  try {
    await holdItem(session.worker, heldItemNumber);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      ticks += await session.worker.work(signal);
      await redriveMended(await report(false), mend, session, narrator);
      signal.throwIfAborted();
      if (!moveParkedItems(await report(false), session, narrator)) break;
    }
  } catch (error) {
    if (!hasCode(error, 'Interrupted')) throw error;
    return report(true);
  }
  return report(false);
};

const showNextSteps = (stateFolder: string, input: CommandInput, context: CliContext): void => {
  const place = samePlace(input);
  const folder = relative(context.cwd, stateFolder) || '.';
  for (const line of [
    '',
    `Everything is in ${folder}: pull-requests/ (what reviewers see), aws/ (executions, builds, logs), shop/ (the repository).`,
    '',
    'What to try next:',
    ...renderColumns([
      [`  npx kiro-worker dlq list${place}`, 'what failed, and why'],
      [`  npx kiro-worker explain 8${place}`, 'why an item is not being worked on'],
      [`  git -C '${folder}/shop' log feature/price-label`, 'one commit per task'],
      ['  npx kiro-worker run --help', 'the same on your own repository'],
      [`  npx kiro-worker local reset${place}`, 'forget it all; the next npm start begins anew'],
    ]),
  ])
    context.print(line);
};

export const start: Command = {
  name: 'start',
  summary: 'Runs the whole pipeline on the sample board, on this machine',
  usage: 'start [--agent-faults [--engine ENGINE]] [--state FOLDER] [--port PORT] [--json [FILE]]',
  options: {
    'agent-faults': 'another board: every failure of the Kiro CLI that was recorded, replayed',
    engine: 'ENGINE of the Kiro CLI whose failures are replayed, v2 or v3; default v2',
    state: 'FOLDER of the local state; default .kiro-worker',
    port: 'PORT of the local AWS; default: a free one',
  },
  positionals: [],
  jsonTakesFile: true,
  run: async (input: CommandInput, context: CliContext) => {
    if (input.options['agent-faults'] === true) return startAgentFaults(input, context);
    if (input.options.engine !== undefined)
      throw new WorkerError(
        'ValidationError',
        '--engine belongs to --agent-faults.',
        `Usage: kiro-worker ${start.usage}`,
      );
    const stateFolder = sampleState(stateRoot(input, context));
    const narrator = createNarrator(input, context);
    const session = await openLocal(
      {
        stateFolder,
        prepare: () => openSample(stateFolder, context.env.PATH ?? ''),
        port: parsePort(input),
        onLiveEvent: narrator.live,
      },
      context,
    );
    try {
      narrator.begin(session.worker);
      const report = await workOnSample(session, () => mendSample(stateFolder), narrator, context);
      writeReport(report, input, context);
      narrator.end(report);
      if (report.interrupted) return exitCodes.interrupted;
      const wrong = checkEnds(report, expectedEnds);
      for (const line of wrong) context.printError(`Not as announced: ${line}`);
      if (wrong.length > 0)
        context.printError(
          `To begin anew: npx kiro-worker local reset${samePlace(input)}, then npm start. Logs: ${stateFolder}/aws/builds.`,
        );
      if (wrong.length === 0 && input.json !== '-') {
        context.print('Every item ended as the sample says.');
        showNextSteps(stateFolder, input, context);
      }
      return wrong.length === 0 ? exitCodes.success : exitCodes.itemsNotGreen;
    } finally {
      await session.close();
    }
  },
};
