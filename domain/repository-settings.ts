import * as z from 'zod';
import { reportPatternSchema } from './report-pattern';

/** A day's worth would outlast every build; a fraction of a minute is for those who know their tests. */
const minutes = z.number().positive().max(480);
const percent = z.number().min(0).max(100);
const command = z
  .string()
  .max(4_000)
  .refine((text) => !text.includes('\0'), 'a command cannot hold a NUL character');

const identity = (what: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^<>\p{Cc}]*$/u, `${what} cannot hold "<", ">" or control characters`);

/** A word on a command line: it must not be taken for an option. */
const agentWord = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/,
    'letters, digits and . _ : / - only, at most 100, beginning with a letter or digit',
  );

/** Where tools write their reports; the first one of this list that a test run wrote counts. Those with statements and lines come first. */
const defaultCoverageReports = [
  'coverage/coverage-final.json',
  'coverage/coverage-summary.json',
  'coverage/lcov.info',
  'lcov.info',
  'coverage/cobertura-coverage.xml',
  'coverage/clover.xml',
  'coverage.xml',
  'target/site/jacoco/jacoco.xml',
  'build/reports/jacoco/test/jacocoTestReport.xml',
] as const;

/** Percent of changed lines when the settings name none: judged where the report has lines. */
export const DEFAULT_CHANGED_LINES = 80;

/** Where tests write JUnit reports when nobody says otherwise; all that are there count together. */
export const defaultTestReports = [
  'junit.xml',
  'test-results.xml',
  'reports/junit.xml',
  'test-results/junit.xml',
  'coverage/junit.xml',
  'target/surefire-reports/TEST-*.xml',
  'build/test-results/test/TEST-*.xml',
] as const;

/**
 * `kiro-worker.yml` at the root of a repository, read from the base branch: how to install, test and measure. Everything has a default
 * (docs/guides/kiro-worker-yml.md); unknown fields are errors, because a misspelt threshold would otherwise be no threshold.
 */
export const repositorySettingsSchema = z.strictObject({
  version: z.literal(1).default(1),
  install: z
    .strictObject({
      /** Empty: there is nothing to install. Absent: found out (worker/build/default-commands.ts). */
      command: command.optional(),
      timeoutMinutes: minutes.default(15),
    })
    .prefault({}),
  test: z
    .strictObject({
      command: command.refine((text) => text.trim() !== '', 'write the command that runs the tests').optional(),
      timeoutMinutes: minutes.default(15),
      /** JUnit reports that the tests write; when they are named here, they must be there. */
      reports: z.array(reportPatternSchema).min(1).max(20).optional(),
      /** Tests that fail in the end are run once more: passing then, they are called flaky. */
      retry: z.boolean().default(true),
    })
    .prefault({}),
  coverage: z
    .strictObject({
      reports: z
        // A list in the list: reports that only together say it all.
        .array(z.union([reportPatternSchema, z.array(reportPatternSchema).min(1).max(50)]))
        .min(1)
        .max(20)
        .default([...defaultCoverageReports]),
    })
    .prefault({}),
  /** Percent that has to be covered; the environment's own threshold holds as well. */
  gate: z
    .strictObject({
      lines: percent.default(0),
      branches: percent.default(0),
      functions: percent.default(0),
      statements: percent.default(0),
      /** Points of line coverage that a change may cost. */
      maxDrop: percent.default(1),
      /** Percent of the lines that the pull request adds or changes; 0: they are not judged. Named here, it must be possible to judge them. */
      changedLines: percent.optional(),
    })
    .prefault({}),
  /** How often the agent is shown what the gate would refuse, to mend it. */
  repair: z.strictObject({ turns: z.number().int().min(0).max(5).default(1) }).prefault({}),
  agent: z
    .strictObject({
      timeoutMinutes: minutes.default(30),
      stallMinutes: minutes.default(10),
      /** A custom agent of the Kiro CLI, by its name in `.kiro/agents` of the base branch. */
      profile: agentWord.optional(),
      model: agentWord.optional(),
      /** A server of `.kiro/settings/mcp.json` that does not start fails the task. */
      requireMcp: z.boolean().default(false),
    })
    .prefault({}),
  /** Who the commits are by. */
  commit: z
    .strictObject({
      name: identity('a name').default('Kiro CodeBuild Worker'),
      email: identity('an address').default('kiro-codebuild-worker@noreply.invalid'),
    })
    .prefault({}),
});

export type RepositorySettings = z.infer<typeof repositorySettingsSchema>;
