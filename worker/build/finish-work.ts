import type { Repair } from '../../domain/build-result';
import type { ChangedLines } from '../../domain/changed-lines';
import type { Judgement } from '../../domain/decide-verdict';
import { describeError, hasCode, type WorkerError } from '../../domain/errors';
import { showPath } from '../../domain/show-path';
import { readChangedLines } from './changed-lines';
import { asDiskFull } from './disk-full';
import { asWorkerError, type TasksEnd } from './do-tasks';
import { judgeResult } from './judge-result';
import type { Plan } from './make-plan';
import { type Measurement, notMeasured } from './measure';
import { type MeasuredResult, measureAfresh, measureNow } from './measure-result';
import type { OpenBuild } from './open-build';
import { repairOnce, repairTitle } from './repair';
import { hopeless, mendable } from './repair-prompt';
import { WORK } from './unpack';
import { whyWorse } from './why-worse';

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

/** Whatever prevents it, what was committed was paid for and is kept: a result with a fault (decision 7). @throws Interrupted */
const measureOrFault = (head: string, plan: Plan, build: OpenBuild): Promise<MeasuredResult> =>
  measureAfresh(head, plan, build).catch((error: unknown) => {
    if (hasCode(error, 'Interrupted')) throw error;
    const fault = asWorkerError(asDiskFull(error));
    build.log(`the result could not be measured: ${fault.code}: ${fault.message}`);
    return { after: notMeasured(plan.commands.test, plan.settings.coverage.reports), fault, ground: build };
  });

/** Without commits there is nothing new to measure, and what lies there will do: no agent was at it. */
const measureFirst = async (start: Start, build: OpenBuild): Promise<State> => {
  const { end, plan } = start;
  const measured =
    end.commits.length === 0
      ? { after: await measureNow('after', end.head, plan, build), fault: null, ground: build }
      : await measureOrFault(end.head, plan, build);
  return { ...(await look(measured, end.head, start)), end, repairs: [] };
};

/** Work that was not done is not mended: the next run goes on there. */
const isComplete = ({ end, fault }: State): boolean =>
  end.failure === null &&
  fault === null &&
  end.outcomes.every(({ state, optional }) => optional || state === 'done' || state === 'already-done');

/** What keeps the item red whatever an agent mends: then a turn would only cost. Null when there is nothing of the kind. */
const whyHopeless = ({ end, judgement }: State): string | null => {
  const [path] = end.protectedPathsChanged;
  if (path !== undefined) return `a protected file was changed (${showPath(path)})`;
  return hopeless(judgement)[0]?.message ?? null;
};

const tryRepair = async (turn: number, state: State, start: Start): Promise<State> => {
  const { end, judgement, after, repairs, ground } = state;
  const ended = await repairOnce({ turn, head: end.head, judgement, tests: after.tests }, start.plan, ground);
  if (!ended) return state;
  const { repair } = ended;
  const protectedPathsChanged = [...new Set([...end.protectedPathsChanged, ...ended.protectedPaths])].sort();
  const noted: State = { ...state, end: { ...end, protectedPathsChanged }, repairs: [...repairs, repair] };
  const { commit } = repair;
  if (commit === null) return noted;
  const undo = async (why: string): Promise<State> => {
    await ground.git.run(['update-ref', WORK, end.head, commit]);
    ground.log(`repair ${turn}: undone: ${why}`);
    return { ...noted, repairs: [...repairs, { ...repair, ending: 'undone', why, commit: null }] };
  };
  try {
    const next = await look(await measureAfresh(commit, start.plan, ground), commit, start);
    const worse = whyWorse(state, next);
    if (worse !== null) return { ...(await undo(worse)), ground: next.ground };
    const commits = [...end.commits, { sha: commit, task: `repair-${turn}`, title: repairTitle(turn) }];
    return { ...noted, ...next, end: { ...noted.end, head: commit, commits } };
  } catch (error) {
    if (hasCode(error, 'Interrupted')) throw error;
    return undo(`it could not be measured: ${describeError(error)}`); // there is a result that was
  }
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
      const refused = whyHopeless(state) ?? build.spending.refusal()?.message;
      if (refused !== undefined) {
        build.log(`repair ${turn}: not begun: ${refused}`);
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
