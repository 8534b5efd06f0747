import * as z from 'zod';
import { branchNameProblem } from './branch-name';
import { specPathProblem } from './spec-path';

const checked = (problem: (value: string) => string | null, what: string) =>
  z.string().superRefine((value, context) => {
    const found = problem(value);
    if (found) context.addIssue({ code: 'custom', message: `${what} "${value}" cannot be used: ${found}` });
  });

/** A repository as GitHub names it, `owner/name`. */
export const repositoryNameSchema = z
  .string()
  .regex(
    /^(?!\.{1,2}\/)[A-Za-z0-9_.-]{1,100}\/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/,
    'a repository is written OWNER/NAME',
  );

/**
 * One piece of work, complete and checked: parsed once from the board, trusted everywhere after.
 * Ids are GitHub's node ids. `createdAt` (ISO 8601) decides between items of the same priority: the older one first.
 */
export const workItemSchema = z.strictObject({
  itemId: z.string().min(1),
  projectId: z.string().min(1),
  issueId: z.string().min(1),
  issueNumber: z.number().int().positive(),
  title: z.string(),
  url: z.string(),
  repository: repositoryNameSchema,
  repositoryId: z.string().min(1),
  branch: checked(branchNameProblem, 'the branch'),
  baseBranch: checked(branchNameProblem, 'the base branch'),
  specPath: checked(specPathProblem, 'the spec folder'),
  priority: z.string().nullable(),
  createdAt: z.iso.datetime(),
});

export type WorkItem = z.infer<typeof workItemSchema>;
