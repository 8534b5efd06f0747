import * as z from 'zod';

/** The `$id` of docs/schemas/report.schema.json. */
export const REPORT_SCHEMA = 'urn:kiro-codebuild-worker:report:1';

const percent = z.number().min(0).max(100).nullable();
const coverageSchema = z
  .strictObject({ lines: percent, branches: percent, functions: percent, statements: percent })
  .describe('Percent, cut to two decimals; null where the report format has no such figure');

const stepSchema = z.strictObject({
  name: z.string().describe('The state of the state machine'),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative().nullable().describe('Null when the step never ended'),
  attempts: z.number().int().positive(),
  outcome: z.enum(['succeeded', 'failed', 'unfinished']),
});

const testsSchema = z.strictObject({
  ending: z.enum(['passed', 'failed', 'timed-out', 'not-run']),
  command: z.string(),
  exitCode: z.number().int().nullable(),
  seconds: z.number().nonnegative(),
});

const reportItemSchema = z.strictObject({
  number: z.number().int().nonnegative().describe('0: a draft issue, which has no number'),
  title: z.string(),
  itemId: z.string(),
  status: z.string().describe('The status on the board at the end'),
  branch: z.string().nullable(),
  outcome: z
    .enum(['green', 'red', 'failed', 'skipped', 'refused', 'interrupted', 'untouched'])
    .describe(
      'green: ready for review; red: a draft that says why; failed: in the dead-letter queue; skipped: held by another or no longer ready; ' +
        'refused: cannot be worked on; interrupted: this machine stopped in the middle; untouched: not ready, or nothing looked at it',
    ),
  reason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  executionId: z.string().nullable().describe('ARN of the last execution of this item'),
  executions: z.number().int().nonnegative(),
  steps: z.array(stepSchema).describe('Of the last execution'),
  commits: z.array(z.strictObject({ sha: z.string(), task: z.string(), title: z.string() })),
  tests: z.strictObject({ before: testsSchema, after: testsSchema }).nullable(),
  coverage: z
    .strictObject({ threshold: z.number(), before: coverageSchema.nullable(), after: coverageSchema.nullable() })
    .nullable(),
  pullRequest: z
    .strictObject({ number: z.number().int(), url: z.string(), isDraft: z.boolean(), title: z.string() })
    .nullable(),
  deadLetters: z.array(z.string()).describe('Ids for `kiro-worker dlq show`'),
});
export type ReportItem = z.infer<typeof reportItemSchema>;

/** What `--json FILE` writes; published as docs/schemas/report.schema.json. */
export const reportSchema = z.strictObject({
  $schema: z.string(),
  version: z.literal(1),
  tool: z.strictObject({ name: z.literal('kiro-codebuild-worker'), version: z.string(), release: z.string() }),
  environment: z.string(),
  repository: z.string(),
  stateFolder: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  ticks: z.number().int().nonnegative(),
  interrupted: z.boolean(),
  items: z.array(reportItemSchema),
});
export type Report = z.infer<typeof reportSchema>;
