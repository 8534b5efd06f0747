import * as z from 'zod';
import { steeringSourceSchema } from '../domain/steering-source';

/** Tokens travel there. */
const httpsUrl = z.url({ protocol: /^https$/, error: 'an address that begins with https://' });

/** One environment, complete. Environments differ in these values and in nothing else. */
export const environmentSchema = z.strictObject({
  /** S3 allows a bucket's name 63 characters, and account and region are in it, too. */
  name: z.string().regex(/^[a-z][a-z0-9]{1,12}$/, 'lower-case letters and digits, 2 to 13 of them'),
  /** The AWS account that this environment may live in; Terraform refuses every other one. */
  account: z.string().regex(/^\d{12}$/, 'an AWS account id has 12 digits'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-central-1')
    .regex(/^(?!cn-|us-gov-|us-iso)/, 'a region of the standard partition: the ARNs of China and GovCloud differ'),
  pollIntervalMinutes: z.number().int().min(1).max(1440),
  /** Percent that lines, branches, functions and statements must each reach. */
  coverageThreshold: z.number().min(0).max(100),
  maxConcurrentItems: z.number().int().min(1).max(20),
  /** A build may take longer than the 60 minutes at which the alarm fires, else the alarm could never fire. */
  buildTimeoutMinutes: z.number().int().min(61).max(2160),
  queuedTimeoutMinutes: z.number().int().min(5).max(480),
  logRetentionDays: z.union([z.literal(30), z.literal(90), z.literal(365), z.literal(400)]),
  artifactRetentionDays: z.number().int().min(7).max(3650),
  /** Days in which a deleted secret can be restored; 0 deletes at once. */
  secretRecoveryDays: z.union([z.literal(0), z.number().int().min(7).max(30)]),
  deletionProtection: z.boolean(),
  agent: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('kiro-cli'),
      /** V2 proves its runs in every version, V3 in those with stream-json. */
      engine: z.enum(['v2', 'v3']),
      /** The zip that the builder installs (`kiro-worker agent add`); null: what its image has on the PATH. */
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'the SHA-256 that kiro-worker agent add has shown')
        .nullable(),
    }),
    z.strictObject({ kind: z.literal('command'), command: z.string().min(1) }),
  ]),
  /** The unprivileged user that runs the repository's code inside the builder. */
  buildUser: z.string().min(1),
  /** The steering package that every item's branch is kept in step with (docs/guides/steering.md); null: none. */
  steering: steeringSourceSchema.refine((source) => source?.kind !== 'git' || source.url.startsWith('https://'), {
    message: 'url must begin with https://',
  }),
  githubApiUrl: httpsUrl,
  githubServerUrl: httpsUrl,
  alarmEmails: z.array(z.email()),
});

export type Environment = z.infer<typeof environmentSchema>;
