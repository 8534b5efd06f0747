import * as z from 'zod';
import { errorCatalogue, exitCodes, WorkerError } from '../../domain/errors';

/** The `$id` of docs/schemas/doctor.schema.json. */
export const DOCTOR_SCHEMA = 'urn:kiro-codebuild-worker:doctor:1';

export const findingSchema = z.strictObject({
  area: z.enum(['machine', 'token', 'board', 'repository']),
  check: z.string().describe('Names the check for scripts, e.g. git-version; docs/guides/doctor.md lists them'),
  subject: z.string().describe('What was looked at when there may be several, e.g. OWNER/NAME; else empty'),
  status: z
    .enum(['good', 'warning', 'problem'])
    .describe('problem: the worker cannot do its work; warning: it can, but somebody should look at it'),
  message: z.string(),
  remedy: z.string().describe('What to change; empty when it is good'),
});
export type Finding = z.infer<typeof findingSchema>;

export const doctorReportSchema = z.strictObject({
  $schema: z.string(),
  version: z.literal(1),
  board: z.string().nullable().describe('github:OWNER/NUMBER; null when only the machine was looked at'),
  findings: z.array(findingSchema),
  problems: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** Findings of one area about one subject. */
export const findingsOf = (area: Finding['area'], subject = '') => ({
  good: (check: string, message: string): Finding => ({ area, check, subject, status: 'good', message, remedy: '' }),
  warning: (check: string, message: string, remedy: string): Finding => ({
    area,
    check,
    subject,
    status: 'warning',
    message,
    remedy,
  }),
  problem: (check: string, message: string, remedy: string): Finding => ({
    area,
    check,
    subject,
    status: 'problem',
    message,
    remedy,
  }),
  /** What a check that could not be made says. @throws everything that is not one of our errors */
  failed: (check: string, error: unknown): Finding => {
    if (!(error instanceof WorkerError)) throw error;
    const remedy = error.remedy || (errorCatalogue[error.code].retryable ? 'Try again later.' : 'Ask its owner.');
    return { area, check, subject, status: 'problem', message: error.message, remedy };
  },
});

/** What is wrong on this machine comes first: without it the rest cannot be used. */
export const exitCodeOf = (findings: readonly Finding[]): number => {
  const problems = findings.filter(({ status }) => status === 'problem');
  if (problems.some(({ area }) => area === 'machine')) return exitCodes.groundMissing;
  return problems.length > 0 ? exitCodes.remoteRefused : exitCodes.success;
};
