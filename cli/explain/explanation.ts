import * as z from 'zod';

/** The `$id` of docs/schemas/explanation.schema.json. */
export const EXPLANATION_SCHEMA = 'urn:kiro-codebuild-worker:explanation:1';

const instant = z.string().describe('ISO 8601, UTC');
const credits = z.strictObject({ known: z.number(), unknownRuns: z.number().int(), limit: z.number().nullable() });

/** What `kiro-worker explain ITEM --json` prints: an answer, and everything that it rests on. */
export const explanationSchema = z.strictObject({
  $schema: z.string(),
  version: z.literal(1),
  environment: z.string(),
  explainedAt: instant,
  item: z.strictObject({ itemId: z.string(), title: z.string(), url: z.string().nullable() }),
  state: z
    .enum(['running', 'ended', 'next', 'waiting', 'stopped', 'refused', 'needs-person', 'unseen'])
    .describe(
      'running: an execution works on it; ended: its last execution has shown its result; next: the next tick takes it; waiting: for its turn; ' +
        'stopped: budget or circuit breaker hold the whole environment; refused: it cannot be begun as it is; ' +
        'needs-person: it failed and waits for a person; unseen: the last tick had nothing to decide about it',
    ),
  why: z.string().describe('One or two sentences for people'),
  changes: z.array(z.string()).describe('What would change that'),
  notes: z.array(z.string()).describe('What else is worth knowing: a tick that failed, a reading that is old'),
  evidence: z.strictObject({
    lastTick: z
      .strictObject({ at: instant, outcome: z.string(), message: z.string(), executionArn: z.string() })
      .nullable()
      .describe('The newest receipt, whatever it says of the item'),
    decision: z
      .strictObject({ at: instant, decision: z.string(), reason: z.string(), message: z.string() })
      .nullable()
      .describe('The newest decision about the item'),
    history: z
      .array(z.strictObject({ at: instant, decision: z.string(), reason: z.string(), ticks: z.number().int() }))
      .describe('Newest first; `ticks` in a row that decided the same'),
    lock: z
      .strictObject({
        state: z.enum(['free', 'held', 'requeued', 'parked']),
        owner: z.string(),
        ownerLives: z.enum(['running', 'succeeded', 'failed', 'died', 'unknown']),
        since: z.string().nullable(),
        fence: z.number().int(),
      })
      .nullable()
      .describe('Null: no execution has ever taken it'),
    attempts: z.strictObject({ used: z.number().int(), most: z.number().int() }),
    slots: z.array(
      z.strictObject({ slot: z.number().int(), owner: z.string().nullable(), itemId: z.string().nullable() }),
    ),
    executions: z
      .array(
        z.strictObject({
          name: z.string(),
          executionArn: z.string(),
          status: z.string(),
          startedAt: z.string().nullable(),
          endedAt: z.string().nullable(),
          outcome: z.string().nullable(),
          reason: z.string(),
          message: z.string(),
          credits: z.number().nullable().describe('Null: unknown, or not written down'),
          unknownRuns: z.number().int(),
        }),
      )
      .describe('Newest first'),
    deadLetters: z.array(z.strictObject({ id: z.string(), step: z.string(), error: z.string(), failedAt: z.string() })),
    budget: z.strictObject({
      item: credits,
      day: credits.extend({ date: z.string(), reserved: z.number() }),
      softStopPercent: z.number(),
      unknownRunCredits: z.number(),
      breaker: z.strictObject({
        state: z.enum(['closed', 'open', 'half-open']),
        fruitlessRuns: z.number().int(),
        opensAfter: z.number().int().nullable(),
        triesAgainAt: z.string().nullable(),
      }),
    }),
  }),
});
export type Explanation = z.infer<typeof explanationSchema>;
