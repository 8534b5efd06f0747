import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { needVariables, type TaskContract } from './contract';

const text = z.string().min(1);

/** A number as people write it; `Number('')` is 0, which would switch a gate off. */
const numeric = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'must be a number')
  .transform(Number);

/** The variables of a function; those of needs that it does not have are absent. */
const taskEnvironmentSchema = z.object({
  ENVIRONMENT: text,
  RELEASE: text,
  COVERAGE_THRESHOLD: numeric.pipe(z.number().min(0).max(100)).default(80),
  MAX_CONCURRENT_ITEMS: numeric.pipe(z.number().int().min(1)).default(1),
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_SERVER_URL: z.url().default('https://github.com'),
  /** Between two writes; a GitHub of one's own without limits needs none. */
  GITHUB_WRITE_SPACING_MILLISECONDS: numeric.pipe(z.number().int().min(0).max(60_000)).default(1_000),
  LOCKS_TABLE: z.string().default(''),
  ARTIFACTS_BUCKET: z.string().default(''),
  /** The account that the artifacts bucket must belong to. */
  AWS_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, 'must have 12 digits')
    .optional(),
  BOARD_SETTINGS_PARAMETER: z.string().default(''),
  CREDIT_BUDGET_PARAMETER: z.string().default(''),
  GITHUB_TOKEN_SECRET: z.string().default(''),
  DEAD_LETTER_QUEUE_URL: z.string().default(''),
  POWERTOOLS_METRICS_NAMESPACE: text.default('KiroWorker'),
  AWS_REGION: text,
  /** Set where AWS is a stand-in on one machine: there is no console to look at. */
  AWS_ENDPOINT_URL: z.string().optional(),
});

export type TaskEnvironment = z.infer<typeof taskEnvironmentSchema>;

/**
 * Reads what the stack gave this function. A variable that the contract needs and that is absent, or one that is wrong, is a
 * ValidationError that names it.
 */
export const readTaskEnvironment = (
  contract: Pick<TaskContract, 'name' | 'needs'>,
  source: Readonly<Record<string, string | undefined>> = process.env,
): TaskEnvironment => {
  const parsed = taskEnvironmentSchema.safeParse(source);
  const missing = contract.needs.map((need) => needVariables[need]).filter((name) => name !== null && !source[name]);
  if (parsed.success && missing.length === 0) return parsed.data;
  const problems = [
    ...missing.map((name) => `${name} is not set`),
    ...(parsed.success ? [] : [z.prettifyError(parsed.error)]),
  ];
  throw new WorkerError(
    'ValidationError',
    `The function ${contract.name} is configured wrongly: ${problems.join('; ')}.`,
    'The stack sets these variables: deploy it again.',
  );
};
