import * as z from 'zod';
import { specPathProblem } from './spec-path';

/** A day's worth would outlast every build; a fraction of a minute is for those who know their tests. */
const minutes = z.number().positive().max(480);
const percent = z.number().min(0).max(100);
const command = z
  .string()
  .max(4_000)
  .refine((text) => !text.includes('\0'), 'a command cannot hold a NUL character');

const reportPath = z.string().superRefine((path, context) => {
  const problem = specPathProblem(path);
  if (problem) context.addIssue({ code: 'custom', message: `the path "${path}" cannot be used: ${problem}` });
});

const identity = (what: string) =>
  z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^<>\p{Cc}]*$/u, `${what} cannot hold "<", ">" or control characters`);

/** Where tools of the npm world write their reports; the first one of this list that a test run wrote counts. */
const defaultCoverageReports = [
  'coverage/coverage-summary.json',
  'coverage/coverage-final.json',
  'coverage/lcov.info',
  'lcov.info',
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
    })
    .prefault({}),
  coverage: z
    .strictObject({
      reports: z
        .array(reportPath)
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
    })
    .prefault({}),
  agent: z.strictObject({ timeoutMinutes: minutes.default(30), stallMinutes: minutes.default(10) }).prefault({}),
  /** Who the commits are by. */
  commit: z
    .strictObject({
      name: identity('a name').default('Kiro CodeBuild Worker'),
      email: identity('an address').default('kiro-codebuild-worker@noreply.invalid'),
    })
    .prefault({}),
});

export type RepositorySettings = z.infer<typeof repositorySettingsSchema>;
