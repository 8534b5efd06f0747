import * as z from 'zod';
import { repositoryNameSchema } from './work-item';

/** Names that the worker must never take for each other; capitals do not tell them apart. */
export const areDistinct = (names: Readonly<Record<string, string>>): boolean => {
  const values = Object.values(names).map((name) => name.toLowerCase());
  return new Set(values).size === values.length;
};

/**
 * Which board is watched and how it names things: the value of the parameter `/kiro-worker/{env}/github-project-config`.
 * Field and option names are those that people see on the board; they are compared exactly.
 */
export const boardSettingsSchema = z.strictObject({
  owner: z.string().min(1),
  ownerKind: z.enum(['organization', 'user']),
  number: z.number().int().positive(),
  repositories: z.array(repositoryNameSchema).min(1),
  fields: z
    .strictObject({
      status: z.string().min(1).default('Status'),
      priority: z.string().min(1).default('Priority'),
      branch: z.string().min(1).default('Branch'),
      spec: z.string().min(1).default('Spec'),
    })
    .refine(areDistinct, 'two fields have the same name')
    .prefault({}),
  options: z
    .strictObject({
      ready: z.string().min(1).default('Ready'),
      inProgress: z.string().min(1).default('In progress'),
      inReview: z.string().min(1).default('In review'),
      needsAttention: z.string().min(1).default('Needs attention'),
    })
    // One option for "ready" and "in review" would start finished work again, for ever.
    .refine(areDistinct, 'two states have the same option')
    .prefault({}),
  /** Priority options from most to least urgent; an option that is not listed comes last. Absent: in the order of the board's own field. */
  priorities: z.array(z.string().min(1)).optional(),
});

export type BoardSettings = z.infer<typeof boardSettingsSchema>;

/** The four states of an item that the worker reads or writes. */
export type BoardStatus = keyof BoardSettings['options'];
