import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { sumCredits } from '../../domain/agent-report';
import { chargeOf, describeSpent } from '../../domain/credit-budget';
import { hasCode, WorkerError } from '../../domain/errors';
import { type AgentSpending, type Spending, spentOfRuns } from '../../domain/spending';
import type { BuildEnvironment } from '../env';
import type { Agent } from './agent/agent';

/** What the agent has cost in this build, and whether it may go on. */
export type SpendingGuard = {
  /** The agent, every run of which is written down before it begins and after its end. @throws CreditsUsedUp instead of running beyond the hard stop */
  readonly agent: Agent;
  /** Why no new task may be begun (the soft stop); null when one may. */
  readonly refusal: () => WorkerError | null;
  readonly runs: () => readonly AgentSpending[];
};

type Deps = {
  readonly agent: Agent;
  readonly store: Pick<ArtifactStore, 'writeText'>;
  readonly now: () => Date;
};

type Place = Pick<BuildEnvironment, 'credits' | 'item' | 'lease'> & { readonly key: string };

/** What the processes of one run have cost together: unknown if that of one is. One that was never started cost nothing. */
const creditsOf = (runs: readonly { readonly credits: number | null }[], end: unknown): number | null => {
  if (runs.length === 0 || hasCode(end, 'AgentNotFound')) return 0;
  return runs.some(({ credits }) => credits === null) ? null : sumCredits(runs);
};

const words = { item: "the item's budget", day: "the day's budget of the environment" } as const;

const refusalOf = (stop: 'soft' | 'hard', { credits }: Place, runs: readonly AgentSpending[]): WorkerError | null => {
  const limit = credits[stop];
  const spent = spentOfRuns(runs);
  if (limit === null || chargeOf(spent, credits) < limit) return null;
  const [what, budget] =
    stop === 'soft'
      ? ['no new task is begun', credits.softBudget]
      : ['no run of the agent is begun', credits.hardBudget];
  return new WorkerError(
    'CreditsUsedUp',
    `This build has cost ${describeSpent(spent, credits)}; ${words[budget]} left it ${limit}, so ${what}.`,
    'kiro-worker budget show says what is left and how to change it; a redrive goes on where this build stopped.',
  );
};

export const guardSpending = (place: Place, { agent, store, now }: Deps): SpendingGuard => {
  const runs: AgentSpending[] = [];
  const save = async (): Promise<void> => {
    const { item, lease, key } = place;
    const spending: Spending = { version: 1, itemId: item.itemId, fence: lease.fence, runs };
    await store.writeText(key, JSON.stringify(spending));
  };
  const end = async (run: AgentSpending, credits: number | null): Promise<void> => {
    const ended = { ...run, endedAt: now().toISOString(), credits };
    const at = runs.indexOf(run);
    if (at >= 0) runs.splice(at, 1, ended);
    await save();
  };
  const guarded = (inner: Agent): Agent => ({
    ...inner,
    movedTo: (ground) => guarded(inner.movedTo(ground)),
    work: async (assignment) => {
      const refusal = refusalOf('hard', place, runs);
      if (refusal) throw refusal;
      const run = { task: assignment.task.id, startedAt: now().toISOString(), endedAt: null, credits: null };
      const earlier = inner.report().runs.length;
      const costOf = (outcome: unknown) => creditsOf(inner.report().runs.slice(earlier), outcome);
      runs.push(run);
      await save();
      try {
        const done = await inner.work(assignment);
        await end(run, costOf(done));
        return done;
      } catch (error) {
        // What it ended with matters more than that this could not be stored: the run then stays one of unknown cost.
        await end(run, costOf(error)).catch(() => undefined);
        throw error;
      }
    },
  });
  return { agent: guarded(agent), refusal: () => refusalOf('soft', place, runs), runs: () => runs };
};
