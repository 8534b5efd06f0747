import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repair, TestRun } from '../../domain/build-result';
import type { Judgement } from '../../domain/decide-verdict';
import { describeError, hasCode } from '../../domain/errors';
import { showPath } from '../../domain/show-path';
import type { AgentRun } from './agent/agent';
import { commitChanges } from './commit-task';
import { type Plan, renewRepository } from './make-plan';
import type { OpenBuild } from './open-build';
import { restoreProtectedFiles } from './protected-files';
import { mendable, repairPrompt } from './repair-prompt';
import { type Sieved, sieveChanges } from './sieve-changes';
import { readChanges } from './tree-changes';
import { startOf } from './unpack';

/** With less the agent could only be cut off. */
const LEAST_SECONDS = 5;

type Input = {
  readonly turn: number;
  readonly head: string;
  readonly judgement: Judgement;
  readonly tests: TestRun;
};

/** What came of one turn; null: there was no time for it. `protectedPaths`: what was dropped because it is protected. */
export type RepairEnd = { readonly repair: Repair; readonly protectedPaths: readonly string[] } | null;

export const repairTitle = (turn: number): string => `Repair ${turn}: what the gate refuses`;

/** Null: there was no time for it. */
const callAgent = async (
  { turn, head, judgement, tests }: Input,
  plan: Plan,
  ground: OpenBuild,
): Promise<AgentRun | null> => {
  const { settings, budget, spec, commands, checkout } = plan;
  const wanted = settings.agent.timeoutMinutes * 60;
  const timeoutSeconds = budget.forWork(wanted);
  if (timeoutSeconds < Math.min(wanted, LEAST_SECONDS)) return null;
  await renewRepository(checkout, head, ground);
  const prompt = repairPrompt({ judgement, tests, spec, testCommand: commands.test });
  const promptFile = join(ground.folder.prompts, `repair-${turn}.md`);
  await writeFile(promptFile, prompt);
  await chmod(promptFile, 0o644);
  const stallSeconds = settings.agent.stallMinutes * 60;
  const task = { id: `repair-${turn}`, title: 'Mend what the gate refuses' };
  return ground.agent.work({
    task,
    prompt,
    promptFile,
    specPath: spec.path,
    timeoutSeconds,
    stallSeconds,
    choices: settings.agent,
  });
};

/** Why nothing is left of a turn that came to its end, as far as the agent or we know. */
const whyNothing = ({ complaint, deniedTools }: AgentRun, { dropped }: Sieved): string => {
  if (complaint) return describeError(complaint);
  if (deniedTools.length > 0) return `it was not allowed to use ${deniedTools.slice(0, 5).join(', ')}`;
  if (dropped.length === 0) return '';
  const which = dropped.slice(0, 5).map(({ path, why }) => `${showPath(path)} (${why})`);
  return `all that it changed had to be dropped: ${which.join(', ')}`;
};

/** Takes back what the agent may not change. */
const sieve = async (before: string, plan: Plan, { git, workTree, log }: OpenBuild): Promise<Sieved> => {
  const changes = await readChanges(before, await workTree.snapshot(), { git });
  const sieved = await sieveChanges(changes, plan.spec, { git });
  await workTree.undo(sieved.dropped, before);
  for (const { path, why } of sieved.dropped.slice(0, 20)) log(`repair: dropped ${showPath(path)}: ${why}`);
  return sieved;
};

/**
 * One turn in which the agent is shown what the gate would refuse. What it changes becomes one commit with the trailer `Kiro-Repair`; whether that mends
 * anything is for the next measurement to say. That it fails is no failure of the build: there is a result already. @throws Interrupted
 */
export const repairOnce = async (input: Input, plan: Plan, ground: OpenBuild): Promise<RepairEnd> => {
  const { turn, head } = input;
  const { git, workTree, now, log, folder, secrets } = ground;
  const asked = mendable(input.judgement).map(({ message }) => message);
  const begun = now().getTime();
  const done = (ending: Repair['ending'], why: string, commit: string | null): Repair => {
    log(`repair ${turn}: ${ending}${why ? `: ${why}` : ''}`);
    return { turn, asked, ending, why, commit, seconds: Math.max(0, (now().getTime() - begun) / 1000) };
  };
  log(`repair ${turn}: begun (${asked.length} reasons)`);
  await restoreProtectedFiles(ground);
  const before = await workTree.snapshot();
  try {
    const run = await callAgent(input, plan, ground);
    if (!run) return null;
    const sieved = await sieve(before, plan, ground);
    const { accepted, protectedPaths } = sieved;
    if (accepted.length === 0)
      return { repair: done('nothing-changed', whyNothing(run, sieved), null), protectedPaths };
    const message = `${repairTitle(turn)}\n\nKiro-Repair: ${turn}\n`;
    const author = plan.settings.commit;
    const commit = await commitChanges(
      { start: startOf(plan.checkout), head, changes: accepted, message, author },
      { git, now, privateFolder: folder.private, secrets },
    );
    return { repair: done('committed', '', commit), protectedPaths };
  } catch (error) {
    if (hasCode(error, 'Interrupted')) throw error;
    return { repair: done('failed', describeError(error), null), protectedPaths: [] };
  }
};
