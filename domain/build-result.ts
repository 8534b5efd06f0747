import * as z from 'zod';
import { agentReportSchema } from './agent-report';
import { requirementTraceSchema } from './requirement-trace';
import { testReportSchema } from './test-reports/test-report';

const sha = z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An object in the artifacts bucket, pinned: nobody can exchange what a verdict was about. */
const storedObjectSchema = z.strictObject({
  key: z.string().min(1),
  versionId: z.string().min(1),
  sha256,
  bytes: z.number().int().nonnegative(),
});
export type StoredObject = z.infer<typeof storedObjectSchema>;

const taskOutcomeSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  optional: z.boolean(),
  /** `done` now, `already-done` before, `failed` here, `open`: not reached, `skipped`: optional. */
  state: z.enum(['done', 'already-done', 'failed', 'open', 'skipped']),
  requirements: z.array(z.string()),
  /** Of an earlier run where it was done before; null where no commit has its trailer. */
  commit: sha.nullable(),
  seconds: z.number().nonnegative(),
});
export type TaskOutcome = z.infer<typeof taskOutcomeSchema>;

const testRunSchema = z.strictObject({
  ending: z.enum(['passed', 'failed', 'timed-out', 'not-run']),
  command: z.string(),
  exitCode: z.number().int().nullable(),
  seconds: z.number().nonnegative(),
  /** The last lines that the command printed, redacted, at most 4,000 characters. */
  outputTail: z.string(),
  /** What the JUnit reports of this run say; null: it wrote none. */
  report: testReportSchema.nullable().default(null),
  /** The tests failed at first and passed when they were run once more: how they failed, which is never hidden. */
  flaky: z
    .strictObject({
      exitCode: z.number().int().nullable(),
      seconds: z.number().nonnegative(),
      outputTail: z.string(),
      /** Tests that failed in the first run; empty when it wrote no report. */
      tests: z.array(z.string()),
    })
    .nullable()
    .default(null),
});
export type TestRun = z.infer<typeof testRunSchema>;

/** A report that a test run wrote: its path inside the repository, and the object that it was stored as. */
const storedReportSchema = z.strictObject({ path: z.string(), report: storedObjectSchema });
export type StoredReport = z.infer<typeof storedReportSchema>;

/** What was found where a coverage report was expected. The report itself is judged by the gate, not by the build. */
const coverageEvidenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('found'),
    /** Path inside the repository. */
    path: z.string(),
    report: storedObjectSchema,
    /** The commit whose tree was measured. */
    commit: sha,
    /** The folder in which the repository lay then: reports name files below it. */
    root: z.string().default(''),
    /** Further reports of the same run, which only together with the first one say it all. */
    parts: z.array(storedReportSchema).default([]),
    /** Reports in other formats of the same run: they say which lines were executed where the first one has only sums. */
    alternatives: z.array(z.array(storedReportSchema)).default([]),
  }),
  z.strictObject({ kind: z.literal('absent'), looked: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('stale'), path: z.string() }),
  /** A pattern that means more than is read: a part of it would be another figure. */
  z.strictObject({ kind: z.literal('too-many'), path: z.string(), what: z.string() }),
  /** More than anybody reads; it was not stored. */
  z.strictObject({ kind: z.literal('too-large'), path: z.string(), bytes: z.number().int() }),
]);
export type CoverageEvidence = z.infer<typeof coverageEvidenceSchema>;

const buildFaultSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  task: z.string().nullable(),
});

/** The steering package that the checkout brought in. */
const steeringSchema = z.strictObject({
  name: z.string(),
  release: z.string(),
  digest: sha256,
  /** The commit that the checkout made for it; null when the branch had it already. */
  commit: sha.nullable(),
});
const repairSchema = z.strictObject({
  turn: z.number().int().positive(),
  /** What the agent was asked to mend, in words of the gate. */
  asked: z.array(z.string()),
  /** `undone`: what it did was worse, and was dropped. */
  ending: z.enum(['committed', 'nothing-changed', 'failed', 'undone']),
  /** How it failed, or what was worse. */
  why: z.string(),
  commit: sha.nullable(),
  seconds: z.number().nonnegative(),
});
export type Repair = z.infer<typeof repairSchema>;

export const testChangeKinds = ['setting', 'deleted', 'changed', 'unmeasured', 'skipped', 'reports'] as const;

/** What a change does to its own proof: a reviewer has to know, and nobody else can judge it. */
export const testChangeSchema = z.strictObject({
  path: z.string(),
  /**
   * `setting`: how tests run and are measured; `unmeasured`: says that lines do not count; `skipped`: says that tests are left out;
   * `reports`: names the reports or counters of the run, or ends it from a test. */
  kind: z.enum(testChangeKinds),
  /** Which parts of the file, where that can be said: `scripts.test`. */
  parts: z.array(z.string()),
});
export type TestChange = z.infer<typeof testChangeSchema>;

/** `result.json`: all that the build says about itself. Written last, by the supervisor, so its presence means a complete build. */
export const buildResultSchema = z.strictObject({
  version: z.literal(1),
  environment: z.string(),
  release: z.string(),
  buildId: z.string(),
  itemId: z.string(),
  fence: z.number().int().positive(),
  branch: z.string(),
  specPath: z.string(),
  /** Tip of the base branch, tip of the feature branch at checkout, tip after the build (equal to `head` when nothing was committed). */
  base: sha,
  head: sha,
  resultHead: sha,
  commits: z.array(z.strictObject({ sha, task: z.string(), title: z.string() })),
  tasks: z.array(taskOutcomeSchema),
  /** What looks like a task in tasks.md and is none, with the reason. */
  leftOut: z
    .array(z.strictObject({ title: z.string(), line: z.number().int().positive(), why: z.string() }))
    .default([]),
  /** Requirement, tasks, commits, tests: for the pull request's matrix. */
  requirements: z.array(requirementTraceSchema).default([]),
  tests: z.strictObject({ before: testRunSchema, after: testRunSchema }),
  coverage: z.strictObject({ before: coverageEvidenceSchema, after: coverageEvidenceSchema }),
  /** Thresholds of the repository's kiro-worker.yml; the environment's threshold still holds as the floor. */
  gate: z.strictObject({
    lines: z.number().min(0).max(100),
    branches: z.number().min(0).max(100),
    functions: z.number().min(0).max(100),
    statements: z.number().min(0).max(100),
    maxDrop: z.number().min(0).max(100),
    /** Percent of the changed lines; 0: they are not judged. */
    changedLines: z.number().min(0).max(100).default(0),
    /** The repository asks for it itself: then it must be possible to say. */
    needsChangedLines: z.boolean().default(false),
    /** The repository names its test reports itself: they must be there. */
    needsTestReport: z.boolean().default(false),
  }),
  /** The changed lines (changed-lines.ts); null: of a build that did not write them, or nothing was changed. */
  changes: storedObjectSchema.nullable().default(null),
  /** Turns in which the agent was shown what the gate would refuse. */
  repairs: z.array(repairSchema).default([]),
  /** Set when the agent failed but earlier tasks left commits that are worth keeping. */
  fault: buildFaultSchema.nullable(),
  /** Null: the environment has no steering package. */
  steering: steeringSchema.nullable().default(null),
  /** Protected files that the agent had changed; the change was dropped before the commit. */
  protectedPathsChanged: z.array(z.string()),
  /** From where the branch leaves the base branch to the result: all that its pull request shows. */
  testChanges: z.array(testChangeSchema).default([]),
  /** False: the machine could not drop privileges, so agent and tests ran as the supervisor's own user. */
  isolated: z.boolean(),
  /** Null in results of builds that did not say. */
  agent: agentReportSchema.nullable().default(null),
  bundle: storedObjectSchema.nullable(),
  logs: z.array(z.strictObject({ name: z.string(), key: z.string() })),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type BuildResult = z.infer<typeof buildResultSchema>;

/** `error.json`: why a git or build run ended without a result. */
export const buildErrorSchema = z.strictObject({
  version: z.literal(1),
  step: z.enum(['Checkout', 'Build', 'Publish']),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  logs: z.array(z.strictObject({ name: z.string(), key: z.string() })),
  /** What the agent did and spent before the build failed; null when it never came so far. */
  agent: agentReportSchema.nullable().default(null),
});
export type BuildError = z.infer<typeof buildErrorSchema>;

/** `checkout.json`: what the git project fetched for the builder. */
export const checkoutResultSchema = z.strictObject({
  version: z.literal(1),
  repository: z.string(),
  branch: z.string(),
  baseBranch: z.string(),
  base: sha,
  head: sha,
  specFiles: z.array(z.string()),
  bundle: storedObjectSchema,
  /** `guard` is the base branch with the package: its protected files are those that hold. `work` in the bundle is `commit`, where there is one. */
  steering: steeringSchema.extend({ guard: sha }).nullable().default(null),
});
export type CheckoutResult = z.infer<typeof checkoutResultSchema>;

/** `publish.json`: what the git project pushed. */
export const publishResultSchema = z.strictObject({
  version: z.literal(1),
  branch: z.string(),
  before: sha,
  after: sha,
  /** `already-there`: an earlier try of the same publish had pushed it. */
  outcome: z.enum(['pushed', 'already-there', 'dry-run']),
});
export type PublishResult = z.infer<typeof publishResultSchema>;
