import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WorkerError } from '../../domain/errors';
import { writeFileAtomically } from '../state-folder';

const runSettingsSchema = z.strictObject({
  version: z.literal(1),
  /** For people: the path or URL that was given, without credentials. */
  source: z.string(),
  /** What the stand-in serves; null: the repositories are where the board is. */
  repository: z.strictObject({ nameWithOwner: z.string(), path: z.string(), defaultBranch: z.string() }).nullable(),
  /** A board on GitHub, and where that is; null: the stand-in's. The token is in no file. */
  github: z.strictObject({ apiUrl: z.url(), serverUrl: z.url() }).nullable().default(null),
  /** Nothing is written to GitHub. */
  dryRun: z.boolean().default(false),
  agentCommand: z.string().min(1),
  /** Of the Kiro CLI. */
  agentEngine: z.enum(['v2', 'v3']).default('v2'),
  /** The zip in the releases bucket that builds install; null: the kiro-cli of the PATH. */
  agentSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  /** Names of variables that install, agent and tests get as well; their values are nowhere. */
  passedVariables: z.array(z.string()),
  /** Folders that are searched for programs before those of PATH. */
  programFolders: z.array(z.string()),
  /** The package after --steering, as it was then: it lies in the releases bucket. Null: none. */
  steering: z
    .strictObject({
      /** For people: where it came from. */
      source: z.string(),
      name: z.string(),
      release: z.string(),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      /** The person named this digest. */
      isPinned: z.boolean(),
    })
    .nullable()
    .default(null),
  maxConcurrentItems: z.number().int().min(1),
});

/** How the worker of one state folder was started last: what a redrive or a moved item needs to go on in the same way. */
export type RunSettings = z.infer<typeof runSettingsSchema>;

type Decided = Pick<RunSettings, 'source' | 'repository' | 'agentCommand'> & Partial<Omit<RunSettings, 'version'>>;

/** Settings of a run from what is decided for it; the rest is as most runs have it. */
export const newRunSettings = (decided: Decided): RunSettings => ({
  version: 1,
  github: null,
  dryRun: false,
  agentEngine: 'v2',
  agentSha256: null,
  passedVariables: [],
  steering: null,
  programFolders: [],
  maxConcurrentItems: 1,
  ...decided,
});

const fileIn = (stateFolder: string): string => join(stateFolder, 'run.json');

export const hasRunSettings = (stateFolder: string): boolean => existsSync(fileIn(stateFolder));

/** Readable by its owner only: nobody knows what people write into a command. */
export const writeRunSettings = (stateFolder: string, settings: RunSettings): void =>
  writeFileAtomically(fileIn(stateFolder), `${JSON.stringify(settings, null, 2)}\n`, 0o600);

/** @throws WorkerError ValidationError when the folder is no state of this program, or of another version of it. */
export const readRunSettings = (stateFolder: string): RunSettings => {
  try {
    return runSettingsSchema.parse(JSON.parse(readFileSync(fileIn(stateFolder), 'utf8')));
  } catch (error) {
    throw new WorkerError(
      'ValidationError',
      `${fileIn(stateFolder)} cannot be read: the folder is no local state, or of another version of this program.`,
      'npx kiro-worker local reset removes local state.',
      { cause: error },
    );
  }
};
