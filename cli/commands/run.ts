import { exitCodes } from '../../domain/errors';
import type { Report } from '../../local/report/report';
import { addAgentZip } from '../add-agent-zip';
import { agentOptions, parseAgentChoice } from '../agent-choice';
import type { Command } from '../command';
import { parseBoardAddress } from '../github/parse-board-address';
import { openLocal } from '../open-local';
import { parsePort } from '../parse-port';
import { createNarrator } from '../render/narrator';
import { parsePassedVariables, requiredOption } from '../run/options';
import { planFileBoard } from '../run/plan-file-board';
import { planGitHubBoard } from '../run/plan-github-board';
import { samePlace } from '../state-folder';
import { addSteering } from '../steering/add-steering';
import { findSteering } from '../steering/find-steering';
import { workAndReport } from '../work-and-report';
import { writeReport } from '../write-report';

/** Items that nobody asked for (not ready) do not spoil the exit code. */
const exitCodeOf = ({ items, interrupted }: Report): number => {
  if (interrupted) return exitCodes.interrupted;
  return items.every(({ outcome }) => outcome === 'green' || outcome === 'untouched')
    ? exitCodes.success
    : exitCodes.itemsNotGreen;
};

/** Where to look now; only what there is. */
const nextSteps = ({ items }: Report, whereabouts: readonly string[], place: string): readonly string[] => {
  const failed = items.some(({ deadLetters }) => deadLetters.length > 0);
  const lines = [...whereabouts, ...(failed ? [`What failed, and why: npx kiro-worker dlq list${place}`] : [])];
  return lines.length > 0 ? ['', ...lines] : [];
};

export const run: Command = {
  name: 'run',
  summary: 'Works on a board file or a board on GitHub, on this machine',
  usage:
    'run --repo REPOSITORY --board FILE.json|github:OWNER/NUMBER --agent "COMMAND" [--engine ENGINE] [--agent-zip FILE | --agent-sha256 DIGEST] [--publish] [--token-file FILE] [--settings FILE] [--base BRANCH] [--steering PLACE] [--pass NAMES] [--state FOLDER] [--port PORT] [--json [FILE]]',
  options: {
    repo: 'PATH_OR_URL of the repository; for a board on GitHub OWNER/NAME, several with commas between',
    board: 'BOARD to work on: a file (docs/guides/board-file.md), or github:OWNER/NUMBER (docs/guides/github.md)',
    ...agentOptions,
    publish: 'for a board on GitHub: push, open pull requests and move items; without it, a dry run of the first item',
    'token-file': 'FILE with the token for GitHub; else GITHUB_TOKEN_FILE, or GITHUB_TOKEN itself',
    settings: 'FILE with names of fields and options of the board on GitHub, where they are not the usual ones',
    base: 'BRANCH that the pull requests are for; default: what origin calls its default, main, or master',
    steering: 'PLACE of a steering package: FOLDER, GIT_ADDRESS#REF or s3://BUCKET/PREFIX (docs/guides/steering.md)',
    pass: 'NAMES of variables, with commas between, that install, agent and tests get as well, e.g. HOME',
    state: 'FOLDER of the local state; default .kiro-worker',
    port: 'PORT of the local AWS; default: a free one',
  },
  positionals: [],
  jsonTakesFile: true,
  run: async (input, context) => {
    const board = parseBoardAddress(requiredOption(input, 'board', run.usage));
    const agentCommand = requiredOption(input, 'agent', run.usage);
    const passedVariables = parsePassedVariables(input, context);
    const agent = await parseAgentChoice(agentCommand, input, context);
    const port = parsePort(input);
    const steering = await findSteering(input, context);
    const asked = { agent, passedVariables, steering: steering?.setting ?? null };
    const plan = board
      ? await planGitHubBoard(board, asked, input, context)
      : planFileBoard(asked, run.usage, input, context);
    const { whereabouts, ...options } = plan;
    const narrator = createNarrator(input, context);
    const session = await openLocal({ ...options, port, onLiveEvent: narrator.live }, context);
    try {
      if (agent.zip) await addAgentZip(agent.zip, session);
      if (steering) await addSteering(steering, session);
      narrator.begin(session.worker);
      const report = await workAndReport(session, context);
      writeReport(report, input, context);
      narrator.end(report);
      if (input.json !== '-')
        for (const line of nextSteps(report, whereabouts(report, session.worker), samePlace(input)))
          context.print(line);
      return exitCodeOf(report);
    } finally {
      await session.close();
    }
  },
};
