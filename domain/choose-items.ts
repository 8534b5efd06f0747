import type { BoardEntry } from './board-entry';
import type { BoardSettings } from './board-settings';
import { branchNameProblem } from './branch-name';
import { blockingRule } from './branch-rules';
import type { ReceiptEntry } from './receipt';
import type { ReceiptReason } from './receipt-reasons';
import { defaultSpecPath, specPathProblem } from './spec-path';
import type { WorkItem } from './work-item';

/** An entry that may be work: an open issue of an allowed repository. */
export type Candidate = {
  readonly entry: BoardEntry;
  readonly issue: Extract<BoardEntry['content'], { kind: 'issue' }>;
};

export type Refusal = { readonly reason: ReceiptReason; readonly message: string };
const refusal = (reason: ReceiptReason, message: string): Refusal => ({ reason, message });

export const isRefusal = (value: object): value is Refusal => 'reason' in value;

/** The receipt's line for an entry. */
export const receiptEntry = (
  { itemId, content, status }: Pick<BoardEntry, 'itemId' | 'content'> & Partial<Pick<BoardEntry, 'status'>>,
  decision: ReceiptEntry['decision'],
  { reason, message }: Refusal,
): ReceiptEntry => ({
  itemId,
  title: content.kind === 'redacted' ? '(not visible)' : content.title,
  url: content.kind === 'issue' ? content.url : null,
  ...(status === undefined ? {} : { status }),
  decision,
  reason,
  message,
});

const branchRefusal = (branch: string): Refusal | null => {
  const problem = branchNameProblem(branch);
  return problem ? refusal('BranchInvalid', `The branch "${branch}" cannot be used: ${problem}.`) : null;
};

const specRefusal = (specPath: string): Refusal | null => {
  const problem = specPathProblem(specPath);
  return problem ? refusal('SpecPathInvalid', `The spec folder "${specPath}" cannot be used: ${problem}.`) : null;
};

const withoutSlash = (path: string): string => path.replace(/\/$/, '');

const isAllowed = (repository: string, { repositories }: BoardSettings): boolean =>
  repositories.some((allowed) => allowed.toLowerCase() === repository.toLowerCase()); // GitHub does not tell them apart

/** What the board alone says against an entry; the branch is looked at later, for those that are chosen. */
export const parseEntry = (entry: BoardEntry, settings: BoardSettings): Candidate | Refusal => {
  const { content, branch, spec } = entry;
  if (entry.isArchived) return refusal('Archived', 'The item is archived.');
  if (content.kind === 'redacted')
    return refusal('Redacted', 'The token may not see this item. Give it access to the repository.');
  if (content.kind === 'draft')
    return refusal('DraftIssue', 'A draft issue belongs to no repository. Convert it to an issue.');
  if (content.kind === 'pull-request')
    return refusal('PullRequest', 'A pull request is not work. Add its issue instead.');
  if (!content.isOpen)
    return refusal('IssueClosed', `Issue #${content.number} is closed. Reopen it, or move the item.`);
  if (!isAllowed(content.repository, settings))
    return refusal(
      'RepositoryNotAllowed',
      `${content.repository} is not one of the repositories of the board settings (${settings.repositories.join(', ')}).`,
    );
  if (content.blockedBy.length > 0) return refusal('Blocked', `Blocked by ${content.blockedBy.join(', ')}.`);
  const problem = (branch && branchRefusal(branch)) || (spec && specRefusal(withoutSlash(spec)));
  return problem || { entry, issue: content };
};

/** Most urgent first, then oldest; an unknown or absent priority comes last. The same board always gives the same order. */
export const byUrgency =
  (priorities: readonly string[]) =>
  (a: Candidate, b: Candidate): number => {
    const rank = ({ entry }: Candidate) => {
      const index = priorities.indexOf(entry.priority ?? '');
      return index < 0 ? priorities.length : index;
    };
    return (
      rank(a) - rank(b) ||
      Date.parse(a.issue.createdAt) - Date.parse(b.issue.createdAt) ||
      a.issue.number - b.issue.number ||
      (a.entry.itemId < b.entry.itemId ? -1 : 1)
    );
  };

export type BranchKnowledge = {
  readonly branch: string | null;
  readonly defaultBranch: string | null;
  readonly isProtected: boolean;
  readonly isArchived: boolean;
  /** Types of rules that would refuse the push (domain/branch-rules.ts). */
  readonly blockingRules?: readonly string[];
};

/** The item, complete and checked, or why it cannot be worked on. */
export const completeItem = (
  { entry, issue }: Candidate,
  projectId: string,
  { branch, defaultBranch, isProtected, isArchived, blockingRules = [] }: BranchKnowledge,
): WorkItem | Refusal => {
  if (branch === null)
    return refusal('NoBranch', 'No branch: fill in the Branch field, or link a branch to the issue.');
  const specPath = withoutSlash(entry.spec ?? defaultSpecPath(branch));
  const problem = branchRefusal(branch) ?? specRefusal(specPath);
  if (problem) return problem;
  if (isArchived) return refusal('RepositoryArchived', `${issue.repository} is archived and cannot be written to.`);
  if (defaultBranch === null) return refusal('RepositoryEmpty', `${issue.repository} has no commit yet.`);
  if (branch === defaultBranch)
    return refusal('BranchForbidden', `"${branch}" is the default branch: work is done on a feature branch.`);
  if (isProtected) return refusal('BranchForbidden', `"${branch}" is protected: work is done on a feature branch.`);
  const [rule] = blockingRules.flatMap((type) => blockingRule(type) ?? []);
  if (rule)
    return refusal(rule.code, `A rule for "${branch}" ${rule.does}, so the work could not be pushed. ${rule.remedy}`);
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
