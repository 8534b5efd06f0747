import { branchNameProblem } from '../../domain/branch-name';
import { type BranchKnowledge, type Candidate, completeItem, isRefusal, receiptEntry } from '../../domain/choose-items';
import { countOf } from '../../domain/count-of';
import type { CreditBudget, Spent } from '../../domain/credit-budget';
import { type CreditRefusal, itemRefusal } from '../../domain/credit-gate';
import type { ReceiptReason } from '../../domain/receipt-reasons';
import type { WorkItem } from '../../domain/work-item';
import type { Decisions } from './decisions';

type RepositoryFacts = { readonly isArchived: boolean; readonly defaultBranch: string | null };

export type LookUpDeps = {
  readonly boards: {
    /** The branch that is linked to each of these issues, at most 100; an issue without one is left out. */
    readonly linkedBranches: (issueIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
    readonly branchFacts: (
      repositoryId: string,
      branch: string,
    ) => Promise<RepositoryFacts & { readonly isProtected: boolean }>;
  };
};

/** Look-ups in one tick, so that a board full of hopeless items cannot use up the rate limit. */
const MAX_LOOK_UPS = 50;
/** Issues whose linked branch is asked for in one request. */
const BATCH = 50;

type World = {
  readonly free: number;
  readonly projectId: string;
  readonly busyBranches: ReadonlySet<string>;
  readonly budget: CreditBudget;
  /** Why nothing at all may be begun; null when the environment has nothing against it. */
  readonly refusal: CreditRefusal | null;
};

export type SpentDeps = { readonly credits: { readonly spentOf: (itemId: string) => Promise<Spent> } };

export const branchKey = ({ repository, branch }: Pick<WorkItem, 'repository' | 'branch'>): string =>
  `${repository.toLowerCase()} ${branch}`;

/** Asks GitHub as little as possible: linked branches many at a time, and a repository's own facts once. */
const createLookUp = (candidates: readonly Candidate[], { boards }: LookUpDeps) => {
  const linked = new Map<string, string | null>();
  const repositories = new Map<string, RepositoryFacts>();
  let lookUps = 0;

  const branchOf = async ({ entry, issue }: Candidate, index: number): Promise<string | null> => {
    if (entry.branch) return entry.branch;
    if (!linked.has(issue.issueId)) {
      const asked = candidates.slice(index).filter((candidate) => !candidate.entry.branch);
      const ids = asked.slice(0, BATCH).map((candidate) => candidate.issue.issueId);
      lookUps += 1;
      const found = await boards.linkedBranches(ids);
      for (const id of ids) linked.set(id, found.get(id) ?? null);
    }
    return linked.get(issue.issueId) ?? null;
  };

  return {
    isUsedUp: () => lookUps >= MAX_LOOK_UPS,
    knowledgeOf: async (candidate: Candidate, index: number): Promise<BranchKnowledge> => {
      const branch = await branchOf(candidate, index);
      const { repositoryId } = candidate.issue;
      const known = repositories.get(repositoryId);
      const hopeless = known && (known.isArchived || known.defaultBranch === null || known.defaultBranch === branch);
      if (branch === null || branchNameProblem(branch) || hopeless)
        return { branch, isProtected: false, ...(known ?? { isArchived: false, defaultBranch: null }) };
      lookUps += 1;
      const facts = await boards.branchFacts(repositoryId, branch);
      repositories.set(repositoryId, facts);
      return { branch, ...facts };
    },
  };
};

/** Takes candidates in their order until the free slots are filled; `decisions` says why each of the others was not taken. */
export const fillSlots = async (
  candidates: readonly Candidate[],
  { free, projectId, busyBranches, budget, refusal }: World,
  decisions: Decisions,
  deps: LookUpDeps & SpentDeps,
): Promise<readonly WorkItem[]> => {
  const items: WorkItem[] = [];
  let inLine = 0;
  const busy = new Set(busyBranches);
  const lookUp = createLookUp(candidates, deps);
  const wait = ({ entry }: Candidate, reason: ReceiptReason, message: string) =>
    decisions.add(receiptEntry(entry, 'waiting', { reason, message }));
  for (const [index, candidate] of candidates.entries()) {
    if (refusal) {
      wait(candidate, refusal.reason, refusal.message);
      continue;
    }
    if (items.length >= free) {
      inLine += 1;
      wait(candidate, 'NoFreeSlot', `Waits for its turn, number ${inLine} in line: ${countOf(free, 'slot')} free.`);
      continue;
    }
    if (lookUp.isUsedUp()) {
      wait(candidate, 'LookUpsUsedUp', 'More urgent items could not be used: mend or move those first.');
      continue;
    }
    const spent = itemRefusal(await deps.credits.spentOf(candidate.entry.itemId), budget);
    if (spent) {
      decisions.add(receiptEntry(candidate.entry, 'refused', spent));
      continue;
    }
    const item = completeItem(candidate, projectId, await lookUp.knowledgeOf(candidate, index));
    if (isRefusal(item)) decisions.add(receiptEntry(candidate.entry, 'refused', item));
    else if (busy.has(branchKey(item))) wait(candidate, 'BranchBusy', `Another item works on ${item.branch}.`);
    else {
      busy.add(branchKey(item));
      items.push(item);
      decisions.add(receiptEntry(candidate.entry, 'taken', { reason: 'Taken', message: `Branch ${item.branch}.` }));
    }
  }
  return items;
};
