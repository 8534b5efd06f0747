import type { Repair } from '../../domain/build-result';
import type { ChangedLines } from '../../domain/changed-lines';
import type { Judgement } from '../../domain/decide-verdict';
import type { WorkerError } from '../../domain/errors';
import { readChangedLines } from './changed-lines';
import type { TasksEnd } from './do-tasks';
import { judgeResult } from './judge-result';
import type { Plan } from './make-plan';
import type { Measurement } from './measure';
import { measureAfresh, measureNow } from './measure-result';
import type { OpenBuild } from './open-build';
import { repairOnce, repairTitle } from './repair';
import { mendable } from './repair-prompt';
import { WORK } from './unpack';

/** What is there in the end, measured. */
export type Finish = {
  readonly end: TasksEnd;
  readonly after: Measurement;
  readonly changes: ChangedLines;
  readonly repairs: readonly Repair[];
  /** Why nothing could be measured. */
  readonly fault: WorkerError | null;
};

type Start = { readonly plan: Plan; readonly before: Measurement; readonly end: TasksEnd };
type State = Finish & { readonly judgement: Judgement; readonly ground: OpenBuild };

type Measured = Pick<State, 'after' | 'fault' | 'ground' | 'changes' | 'judgement'>;

const look = async (
  measured: Pick<State, 'after' | 'fault' | 'ground'>,
  head: string,
  { plan, before }: Start,
): Promise<Measured> => {
  const { env, git, sandbox } = measured.ground;
  try {
    const changes = await readChangedLines({ base: plan.checkout.base, resultHead: head }, { git });
    const judgement = await judgeResult({ before, after: measured.after, changes, floor: env.coverageThreshold }, plan);
    return { ...measured, changes, judgement };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
};

/** Without commits there is nothing new to measure, and what lies there will do: no agent was at it. */
const measureFirst = async (start: Start, build: OpenBuild): Promise<State> => {
  const { end, plan } = start;
  const measured =
    end.commits.length === 0
      ? { after: await measureNow('after', end.head, plan, build), fault: null, ground: build }
      : await measureAfresh(end.head, plan, build);
  return { ...(await look(measured, end.head, start)), end, repairs: [] };
};

/** Work that was not done is not mended: the next run goes on there. */
const isComplete = ({ end, fault }: State): boolean =>
  end.failure === null &&
  fault === null &&
  end.outcomes.every(({ state, optional }) => optional || state === 'done' || state === 'already-done');

/** A repair that costs more than it mends is not kept. */
const whyWorse = (before: State, after: Measured): string | null => {
  if (after.fault) return `then the installation failed: ${after.fault.message}`;
  if (before.after.tests.ending === 'passed' && after.after.tests.ending !== 'passed')
    return 'then the tests did not pass any more';
  const [had, has] = [before.judgement.reasons.length, after.judgement.reasons.length];
  return has > had ? `then there were ${has} reasons against it instead of ${had}` : null;
};

const tryRepair = async (turn: number, state: State, start: Start): Promise<State> => {
  const { end, judgement, after, repairs, ground } = state;
  const ended = await repairOnce({ turn, head: end.head, judgement, tests: after.tests }, start.plan, ground);
  if (!ended) return state;
  const { repair } = ended;
  const protectedPathsChanged = [...new Set([...end.protectedPathsChanged, ...ended.protectedPaths])].sort();
  const noted: State = { ...state, end: { ...end, protectedPathsChanged }, repairs: [...repairs, repair] };
  if (repair.commit === null) return noted;
  const next = await look(await measureAfresh(repair.commit, start.plan, ground), repair.commit, start);
  const worse = whyWorse(state, next);
  if (worse !== null) {
    await ground.git.run(['update-ref', WORK, end.head, repair.commit]);
    ground.log(`repair ${turn}: undone: ${worse}`);
    const undone: Repair = { ...repair, ending: 'undone', why: worse, commit: null };
    return { ...noted, repairs: [...repairs, undone], ground: next.ground };
  }
  const commits = [...end.commits, { sha: repair.commit, task: `repair-${turn}`, title: repairTitle(turn) }];
  return { ...noted, ...next, end: { ...noted.end, head: repair.commit, commits } };
};

/**
 * Measures what the agent has committed, and lets it mend what the gate would refuse, for at most as many turns as kiro-worker.yml says: each is a commit of its own, after
 * which all is measured again in a fresh clone. @throws Interrupted
 */
export const finishWork = async (start: Start, build: OpenBuild): Promise<Finish> => {
  let state = await measureFirst(start, build);
  try {
    const { turns } = start.plan.settings.repair;
    const isWorthIt = () => isComplete(state) && mendable(state.judgement).length > 0;
    for (let turn = 1; turn <= turns && isWorthIt(); turn += 1) {
      const refused = build.spending.refusal();
      if (refused) {
        build.log(`repair ${turn}: not begun: ${refused.message}`);
        break;
      }
      state = await tryRepair(turn, state, start);
      if (state.repairs.at(-1)?.ending !== 'committed') break;
    }
  } finally {
    await state.ground.sandbox.close();
  }
  const { end, after, changes, repairs, fault } = state;
  return { end, after, changes, repairs, fault };
};
