import { exitCodes, WorkerError } from '../domain/errors';
import { endsOfAgentFaults, type KiroEngine } from '../local/sample/agent-faults';
import { checkEnds } from '../local/sample/check-ends';
import { openAgentFaults, replayZipIn } from '../local/sample/open-agent-faults';
import { addAgentZip } from './add-agent-zip';
import type { CliContext, CommandInput } from './command';
import { openLocal } from './open-local';
import { parsePort } from './parse-port';
import { createNarrator } from './render/narrator';
import { faultsState, stateRoot } from './state-folder';
import { workAndReport } from './work-and-report';
import { writeReport } from './write-report';

/** It opens nothing: the agent is a replay, and reaches nobody. */
const NO_KEY = 'replayed-without-a-key';

const engineOf = ({ options }: CommandInput): KiroEngine => {
  const { engine = 'v2' } = options;
  if (engine === 'v2' || engine === 'v3') return engine;
  throw new WorkerError('ValidationError', `There is no engine "${engine}".`, 'Give v2 or v3.');
};

/** `start --agent-faults`: a board on which every item meets another version or fault of kiro-cli, replayed, and must end in its announced class. */
export const startAgentFaults = async (input: CommandInput, context: CliContext): Promise<number> => {
  const engine = engineOf(input);
  const stateFolder = faultsState(stateRoot(input, context), engine);
  const narrator = createNarrator(input, context);
  const session = await openLocal(
    {
      stateFolder,
      prepare: () => openAgentFaults(stateFolder, engine, context.env.PATH ?? ''),
      port: parsePort(input),
      onLiveEvent: narrator.live,
    },
    { ...context, env: { ...context.env, KIRO_API_KEY: NO_KEY } },
  );
  try {
    await addAgentZip(replayZipIn(stateFolder), session);
    narrator.begin(session.worker);
    const report = await workAndReport(session, context);
    writeReport(report, input, context);
    narrator.end(report);
    if (report.interrupted) return exitCodes.interrupted;
    const wrong = checkEnds(report, endsOfAgentFaults(engine));
    for (const line of wrong) context.printError(`Not as announced: ${line}`);
    if (wrong.length === 0 && input.json !== '-')
      context.print('Every item ended in the class that was announced for it.');
    return wrong.length === 0 ? exitCodes.success : exitCodes.itemsNotGreen;
  } finally {
    await session.close();
  }
};
