import type { BoardEntry } from './board-entry';
import type { BoardSettings } from './board-settings';
import { branchNameProblem } from './branch-name';
import type { LockRow } from './lock-row';
import type { ReceiptEntry } from './receipt';
import { defaultSpecPath, specPathProblem } from './spec-path';
import type { WorkItem } from './work-item';

/** An entry that may be work: an open issue of an allowed repository that nobody holds. */
export type Candidate = {
  readonly entry: BoardEntry;
  readonly issue: Extract<BoardEntry['content'], { kind: 'issue' }>;
};

export type Refusal = { readonly reason: string; readonly message: string };
const refusal = (reason: string, message: string): Refusal => ({ reason, message });

export const isRefusal = (value: object): value is Refusal => 'reason' in value;

/** The receipt's line for an entry. */
export const receiptEntry = (
  { itemId, content }: Pick<BoardEntry, 'itemId' | 'content'>,
  decision: ReceiptEntry['decision'],
  { reason, message }: Refusal,
): ReceiptEntry => ({
  itemId,
  title: content.kind === 'redacted' ? '(not visible)' : content.title,
  url: content.kind === 'issue' ? content.url : null,
  decision,
  reason,
  message,
});

/** What the board alone says against an entry; the branch is looked at later, for those that are chosen. */
export const parseEntry = (entry: BoardEntry, settings: BoardSettings): Candidate | Refusal => {
  const { content } = entry;
  if (entry.isArchived) return refusal('Archived', 'The item is archived.');
  if (content.kind === 'redacted')
    return refusal('Redacted', 'The token may not see this item. Give it access to the repository.');
  if (content.kind === 'draft')
    return refusal('DraftIssue', 'A draft issue belongs to no repository. Convert it to an issue.');
  if (content.kind === 'pull-request')
    return refusal('PullRequest', 'A pull request is not work. Add its issue instead.');
  if (!content.isOpen)
    return refusal('IssueClosed', `Issue #${content.number} is closed. Reopen it, or move the item.`);
  if (!settings.repositories.includes(content.repository))
    return refusal(
      'RepositoryNotAllowed',
      `${content.repository} is not one of the repositories of the board settings (${settings.repositories.join(', ')}).`,
    );
  if (content.blockedBy.length > 0)
    return refusal('Blocked', `Blocked by ${content.blockedBy.map((number) => `#${number}`).join(', ')}.`);
  return { entry, issue: content };
};

/** Most urgent first, then oldest; an unknown or absent priority comes last. */
export const byUrgency =
  (priorities: readonly string[]) =>
  (a: Candidate, b: Candidate): number => {
    const rank = ({ entry }: Candidate) => {
      const index = priorities.indexOf(entry.priority ?? '');
      return index < 0 ? priorities.length : index;
    };
    return rank(a) - rank(b) || a.issue.createdAt.localeCompare(b.issue.createdAt) || a.issue.number - b.issue.number;
  };

export type BranchKnowledge = {
  readonly branch: string | null;
  readonly defaultBranch: string | null;
  readonly isProtected: boolean;
  readonly isArchived: boolean;
};

/** The item, complete and checked, or why it cannot be worked on. */
export const completeItem = (
  { entry, issue }: Candidate,
  projectId: string,
  { branch, defaultBranch, isProtected, isArchived }: BranchKnowledge,
): WorkItem | Refusal => {
  if (branch === null)
    return refusal('NoBranch', 'No branch: fill in the Branch field, or link a branch to the issue.');
  const branchProblem = branchNameProblem(branch);
  if (branchProblem) return refusal('BranchInvalid', `The branch "${branch}" cannot be used: ${branchProblem}.`);
  if (isArchived) return refusal('RepositoryArchived', `${issue.repository} is archived and cannot be written to.`);
  if (defaultBranch === null) return refusal('RepositoryEmpty', `${issue.repository} has no commit yet.`);
  if (branch === defaultBranch)
    return refusal('BranchForbidden', `"${branch}" is the default branch: work is done on a feature branch.`);
  if (isProtected) return refusal('BranchForbidden', `"${branch}" is protected: work is done on a feature branch.`);
  const specPath = (entry.spec ?? defaultSpecPath(branch)).replace(/\/$/, '');
  const specProblem = specPathProblem(specPath);
  if (specProblem) return refusal('SpecPathInvalid', `The spec folder "${specPath}" cannot be used: ${specProblem}.`);
  return {
    itemId: entry.itemId,
    projectId,
    issueId: issue.issueId,
    issueNumber: issue.number,
    title: issue.title,
    url: issue.url,
    repository: issue.repository,
    repositoryId: issue.repositoryId,
    branch,
    baseBranch: defaultBranch,
    specPath,
    priority: entry.priority,
    createdAt: issue.createdAt,
  };
};

/** Rows of the lock table that bear on the choice, by item. */
export type LockView = ReadonlyMap<string, LockRow>;

/** Whether the entry's status lets it start: ready, or in progress with a row that says its execution died. */
export const mayStart = (entry: BoardEntry, row: LockRow | undefined, settings: BoardSettings): boolean =>
  entry.status === settings.options.ready || row?.state === 'requeued';
