import * as z from 'zod';

export const testCaseSchema = z.strictObject({
  name: z.string(),
  /** `flaky`: it failed and passed within one run (Surefire reports reruns so). */
  ending: z.enum(['passed', 'failed', 'skipped', 'flaky']),
  /** The first line of what went wrong; "" otherwise. */
  message: z.string(),
  /** The file that the report names for it, as it writes it: often absolute, in the folder in which the tests ran. */
  file: z.string().optional(),
});
export type TestCase = z.infer<typeof testCaseSchema>;

/** What the JUnit reports of one run say together. */
export const testReportSchema = z.strictObject({
  total: z.number().int().nonnegative(),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** At most 2,000, those that failed first. */
  cases: z.array(testCaseSchema),
  /** Paths inside the repository. */
  files: z.array(z.string()),
  /** Why the reports cannot be used; null: they can. */
  problem: z.string().nullable(),
});
export type TestReport = z.infer<typeof testReportSchema>;
