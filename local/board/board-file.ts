import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { areDistinct } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';

const MAX_BYTES = 64 * 1024 * 1024;

const itemSchema = z
  .strictObject({
    title: z.string().min(1).max(256).describe('The title of the issue, as people see it on the board'),
    number: z.int().positive().optional().describe('The number of the issue; given out in file order when absent'),
    kind: z.enum(['issue', 'draft']).default('issue').describe('A draft is refused: it belongs to no repository'),
    state: z.enum(['open', 'closed']).default('open'),
    body: z.string().max(65_536).default(''),
    branch: z.string().optional().describe('The feature branch: it must exist and be neither the base nor protected'),
    spec: z.string().optional().describe('The folder with tasks.md; default .kiro/specs/<last part of the branch>'),
    priority: z.string().optional().describe("One of the board's priorities"),
    status: z.string().optional().describe("One of the board's statuses; default: the ready one"),
    createdAt: z.iso.datetime().optional().describe('Decides between items of the same priority: the older one first'),
  })
  .describe('One work item');

const areAlike = (names: readonly string[]): boolean => new Set(names).size < names.length;

/** The board of `kiro-worker run --board FILE.json`: what a GitHub project would say, in one file. */
export const boardFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    title: z.string().min(1).default('Work'),
    priorities: z
      .array(z.string().min(1))
      .default(['Urgent', 'High', 'Medium', 'Low'])
      .describe('From most to least urgent'),
    statuses: z
      .strictObject({
        ready: z.string().min(1).default('Ready'),
        inProgress: z.string().min(1).default('In progress'),
        inReview: z.string().min(1).default('In review'),
        needsAttention: z.string().min(1).default('Needs attention'),
        others: z.array(z.string().min(1)).default(['Backlog', 'Done']),
      })
      .prefault({}),
    items: z.array(itemSchema).max(50_000),
  })
  .superRefine(({ items, priorities, statuses }, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const { others, ...own } = statuses;
    const allStatuses = [...Object.values(own), ...others];
    if (areAlike(allStatuses) || !areDistinct(own)) complain(['statuses'], 'two statuses have the same name');
    if (areAlike(priorities)) complain(['priorities'], 'two priorities have the same name');
    const numbers = new Map<number, number>();
    items.forEach((item, index) => {
      if (item.priority !== undefined && !priorities.includes(item.priority))
        complain(['items', index, 'priority'], `unknown priority "${item.priority}"; known: ${priorities.join(', ')}`);
      if (item.status !== undefined && !allStatuses.includes(item.status))
        complain(['items', index, 'status'], `unknown status "${item.status}"; known: ${allStatuses.join(', ')}`);
      if (item.number === undefined) return;
      const earlier = numbers.get(item.number);
      if (earlier !== undefined)
        complain(['items', index, 'number'], `items ${earlier} and ${index} have the same number ${item.number}`);
      numbers.set(item.number, index);
    });
  });

export type BoardFile = z.infer<typeof boardFileSchema>;

const invalid = (path: string, what: string, cause?: unknown) =>
  new WorkerError(
    'BoardFileInvalid',
    `The board file ${path} ${what}`,
    'Its format is described in docs/guides/board-file.md.',
    { cause },
  );

/** Reads and checks a board file. Throws BoardFileInvalid, which names the file and every wrong field. */
export const readBoardFile = (path: string): BoardFile => {
  let text: string;
  try {
    if (statSync(path).size > MAX_BYTES) throw invalid(path, 'is larger than 64 MiB.');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof WorkerError) throw error;
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalid(path, isAbsent ? 'does not exist.' : `cannot be read: ${(error as Error).message}.`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(path, `is not JSON: ${(error as Error).message}.`, error);
  }
  const parsed = boardFileSchema.safeParse(value);
  if (!parsed.success) throw invalid(path, `is wrong:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
