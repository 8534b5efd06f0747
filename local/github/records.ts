import * as z from 'zod';

/**
 * What the stand-in remembers, as it lies on disk. `kind` is the GraphQL type; `parentId` is who owns the record
 * (a repository's account, an issue's repository, an item's board), null for accounts.
 */
const base = { id: z.string(), createdAt: z.string(), updatedAt: z.string() };
const child = { ...base, parentId: z.string() };
const conversation = {
  ...child,
  number: z.number(),
  title: z.string(),
  body: z.string(),
  author: z.string(),
  labelIds: z.array(z.string()),
};

const account = { ...base, parentId: z.null(), login: z.string(), name: z.string().nullable() };
const organization = z.object({ kind: z.literal('Organization'), ...account });
const user = z.object({ kind: z.literal('User'), ...account });

/** Rules of rulesets, as REST names them; `branches` is `~ALL`, `~DEFAULT_BRANCH`, a name, or the beginning of names and a `*`. */
export const branchRules = z
  .array(
    z.strictObject({
      type: z.enum(['required_signatures', 'pull_request', 'update', 'required_status_checks', 'non_fast_forward']),
      branches: z.string().min(1),
    }),
  )
  .default([]);

const repository = z.object({
  kind: z.literal('Repository'),
  ...child,
  nameWithOwner: z.string(),
  /** Where the git repository lies on disk, bare or not. */
  path: z.string(),
  defaultBranch: z.string(),
  protectedBranches: z.array(z.string()),
  rules: branchRules,
  allowsDrafts: z.boolean(),
  isArchived: z.boolean(),
});

const label = z.object({ kind: z.literal('Label'), ...child, name: z.string(), color: z.string() });

const issue = z.object({
  kind: z.literal('Issue'),
  ...conversation,
  state: z.enum(['OPEN', 'CLOSED']),
  linkedBranches: z.array(z.string()),
  blockedByIds: z.array(z.string()),
});

const pullRequest = z.object({
  kind: z.literal('PullRequest'),
  ...conversation,
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  headRefName: z.string(),
  baseRefName: z.string(),
  /** What the head was when the pull request was last written; the live head is read from git. */
  lastHeadOid: z.string(),
  maintainerCanModify: z.boolean(),
});

const comment = z.object({ kind: z.literal('IssueComment'), ...child, body: z.string(), author: z.string() });

const board = z.object({
  kind: z.literal('ProjectV2'),
  ...child,
  number: z.number(),
  title: z.string(),
  closed: z.boolean(),
});

const plainField = z.object({
  kind: z.literal('ProjectV2Field'),
  ...child,
  name: z.string(),
  dataType: z.enum(['TITLE', 'TEXT', 'NUMBER', 'DATE']),
});

const selectField = z.object({
  kind: z.literal('ProjectV2SingleSelectField'),
  ...child,
  name: z.string(),
  dataType: z.literal('SINGLE_SELECT'),
  options: z.array(z.object({ id: z.string(), name: z.string(), color: z.string(), description: z.string() })),
});

const item = z.object({
  kind: z.literal('ProjectV2Item'),
  ...child,
  type: z.enum(['ISSUE', 'PULL_REQUEST', 'DRAFT_ISSUE', 'REDACTED']),
  contentId: z.string().nullable(),
  isArchived: z.boolean(),
  /** By field id: an option's id, a text, a number, a date. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});

const draftIssue = z.object({
  kind: z.literal('DraftIssue'),
  ...child,
  title: z.string(),
  body: z.string(),
  author: z.string(),
});

export const recordSchema = z.discriminatedUnion('kind', [
  organization,
  user,
  repository,
  label,
  issue,
  pullRequest,
  comment,
  board,
  plainField,
  selectField,
  item,
  draftIssue,
]);

/** One remembered thing. Records are replaced, never changed. */
export type GitHubRecord = Readonly<z.infer<typeof recordSchema>>;
export type RecordKind = GitHubRecord['kind'];
export type RecordOf<K extends RecordKind> = Extract<GitHubRecord, { kind: K }>;

export type AccountRecord = RecordOf<'Organization' | 'User'>;
export type FieldRecord = RecordOf<'ProjectV2Field' | 'ProjectV2SingleSelectField'>;
