import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { branchRules } from './records';

const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/);
const nameWithOwner = z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/);
const positive = z.number().int().positive();

const colors = ['GRAY', 'BLUE', 'GREEN', 'YELLOW', 'ORANGE', 'RED', 'PINK', 'PURPLE'] as const;
const option = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ name, color: 'GRAY' as const, description: '' })),
  z.strictObject({
    name: z.string().min(1),
    color: z.enum(colors).default('GRAY'),
    description: z.string().default(''),
  }),
]);

const field = z.discriminatedUnion('type', [
  z.strictObject({ name: z.string().min(1), type: z.literal('single-select'), options: z.array(option).min(1) }),
  z.strictObject({ name: z.string().min(1), type: z.enum(['text', 'number', 'date']) }),
]);

/** Field values by field name; a single select takes the option's name. */
const shown = {
  values: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  archived: z.boolean().default(false),
};

const item = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('issue'), repository: nameWithOwner, number: positive, ...shown }),
  z.strictObject({ type: z.literal('pull-request'), repository: nameWithOwner, number: positive, ...shown }),
  z.strictObject({ type: z.literal('draft-issue'), title: z.string().min(1), body: z.string().default(''), ...shown }),
  /** Content that the token may not see; `key` only tells such items apart. */
  z.strictObject({ type: z.literal('redacted'), key: z.string().min(1), ...shown }),
]);

const conversation = {
  number: positive,
  title: z.string().min(1),
  body: z.string().default(''),
  author: login.optional(),
  labels: z.array(z.string()).default([]),
};

const issue = z.strictObject({
  ...conversation,
  state: z.enum(['OPEN', 'CLOSED']).default('OPEN'),
  createdAt: z.iso.datetime().optional(),
  linkedBranches: z.array(z.string()).default([]),
  /** Numbers of issues of the same repository. */
  blockedBy: z.array(positive).default([]),
});

const pullRequest = z.strictObject({
  ...conversation,
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']).default('OPEN'),
  isDraft: z.boolean().default(false),
  head: z.string().min(1),
  base: z.string().min(1),
});

const repository = z.strictObject({
  nameWithOwner,
  path: z.string().min(1),
  defaultBranch: z.string().min(1).default('main'),
  protectedBranches: z.array(z.string()).default([]),
  rules: branchRules,
  allowsDrafts: z.boolean().default(true),
  isArchived: z.boolean().default(false),
  labels: z.array(z.strictObject({ name: z.string().min(1), color: z.string().default('ededed') })).default([]),
  issues: z.array(issue).default([]),
  pullRequests: z.array(pullRequest).default([]),
});

const board = z.strictObject({
  owner: login,
  number: positive,
  title: z.string().min(1),
  fields: z.array(field),
  items: z.array(item).default([]),
});

const seedSchema = z.strictObject({
  owners: z.array(
    z.strictObject({ login, kind: z.enum(['organization', 'user']), name: z.string().nullable().default(null) }),
  ),
  repositories: z.array(repository).default([]),
  boards: z.array(board).default([]),
});

/** What a GitHub with some content is described by. */
export type GitHubSeed = z.input<typeof seedSchema>;
export type ParsedSeed = z.output<typeof seedSchema>;

/** @throws WorkerError ValidationError, naming each place that is wrong. */
export const parseSeed = (seed: GitHubSeed): ParsedSeed => {
  const parsed = seedSchema.safeParse(seed);
  if (parsed.success) return parsed.data;
  throw new WorkerError(
    'ValidationError',
    `The seed of the local GitHub is not valid: ${z.prettifyError(parsed.error)}`,
    'Correct the places named.',
  );
};
