import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readStateFile, writeFileAtomically } from '../state-folder';

const phaseTypes = [
  'SUBMITTED',
  'QUEUED',
  'PROVISIONING',
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
  'COMPLETED',
] as const;
const statuses = ['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'IN_PROGRESS', 'STOPPED'] as const;

const contextSchema = z.object({ statusCode: z.string(), message: z.string() });
const phaseSchema = z.object({
  type: z.enum(phaseTypes),
  status: z.enum(statuses).optional(),
  /** Milliseconds since 1970, as everywhere in this record. */
  start: z.number(),
  end: z.number().optional(),
  contexts: z.array(contextSchema),
});
const variableSchema = z.object({
  name: z.string(),
  value: z.string(),
  type: z.enum(['PLAINTEXT', 'PARAMETER_STORE', 'SECRETS_MANAGER']),
});

const recordSchema = z.object({
  /** `project:uuid`. */
  id: z.string(),
  arn: z.string(),
  number: z.number(),
  project: z.string(),
  initiator: z.string(),
  status: z.enum(statuses),
  start: z.number(),
  end: z.number().optional(),
  phases: z.array(phaseSchema),
  source: z.object({ type: z.enum(['S3', 'NO_SOURCE']), location: z.string(), buildspec: z.string() }),
  sourceVersion: z.string().optional(),
  resolvedSourceVersion: z.string().optional(),
  variables: z.array(variableSchema),
  exported: z.array(z.object({ name: z.string(), value: z.string() })),
  role: z.string(),
  encryptionKey: z.string(),
  environment: z.object({ type: z.string(), image: z.string(), computeType: z.string() }),
  timeoutMinutes: z.number(),
  queuedTimeoutMinutes: z.number(),
  /** Where it works while it runs; gone afterwards. */
  workFolder: z.string().optional(),
});

export type BuildRecord = z.infer<typeof recordSchema>;
export type PhaseRecord = z.infer<typeof phaseSchema>;
export type PhaseType = (typeof phaseTypes)[number];
export type BuildStatus = (typeof statuses)[number];
export type PhaseContext = z.infer<typeof contextSchema>;
export type BuildVariable = z.infer<typeof variableSchema>;

export type BuildStore = {
  /** Oldest first. */
  readonly list: () => readonly BuildRecord[];
  readonly find: (id: string) => BuildRecord | undefined;
  readonly save: (record: BuildRecord) => BuildRecord;
  /** The folder of a build: `build.json` and `log.txt`. */
  readonly folderOf: (id: string) => string;
};

const byStart = (a: BuildRecord, b: BuildRecord): number => a.start - b.start || a.number - b.number;

/** Builds with their whole course on disk, written at every change. */
export const openBuildStore = (root: string): BuildStore => {
  const folderOf = (id: string): string => join(root, id.split(':').at(-1) ?? '');
  const files = existsSync(root) ? readdirSync(root).map((name) => join(root, name, 'build.json')) : [];
  const records = new Map(
    files
      .filter((file) => existsSync(file))
      .map((file) => readStateFile(file, (text) => recordSchema.parse(JSON.parse(text))))
      .map((record) => [record.id, record]),
  );
  return {
    list: () => [...records.values()].sort(byStart),
    find: (id) => records.get(id),
    save: (record) => {
      records.set(record.id, record);
      writeFileAtomically(join(folderOf(record.id), 'build.json'), JSON.stringify(record), 0o600);
      return record;
    },
    folderOf,
  };
};
