import * as z from 'zod';
import { WorkerError } from './errors';
import { foldPath } from './fold-path';
import { specPathProblem } from './spec-path';

/** Where the files of a package go, and its manifest as well: it says what the next version has to take away. */
export const STEERING_FOLDER = '.kiro/steering';
export const STEERING_MANIFEST = 'steering.json';

/** What an agent reads with every task is short; what is longer is no steering. */
export const steeringLimits = {
  files: 100,
  fileBytes: 256 * 1024,
  bytes: 1024 * 1024,
  manifestBytes: 64 * 1024,
} as const;

/** Why `path` cannot be a file of a package; null when it can. */
const steeringPathProblem = (path: string): string | null => {
  const problem = specPathProblem(path);
  if (problem) return problem;
  if (path.length > 200 || path.split('/').length > 5) return 'it is too long or too deep';
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*(?:\/[\p{L}\p{N}][\p{L}\p{N} ._+-]*)*$/u.test(path))
    return 'a part of it does not begin with a letter or a digit, or holds other characters than letters, digits, " ._+-"';
  if (foldPath(path).join('/') !== path.normalize('NFKC').toLowerCase()) return 'it is another name on some machine';
  return path.endsWith('.md') ? null : 'it does not end with ".md"';
};

const fileSchema = z.strictObject({
  path: z.string().superRefine((path, context) => {
    const problem = steeringPathProblem(path);
    if (problem) context.addIssue({ code: 'custom', message: `${JSON.stringify(path.slice(0, 200))}: ${problem}` });
  }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0).max(steeringLimits.fileBytes),
});

/** `steering.json`: which version this is, and every file with its checksum. */
export const steeringManifestSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, ".", "_" and "-"'),
  release: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/, 'a version such as 1.4.0'),
  files: z.array(fileSchema).min(1).max(steeringLimits.files),
});
export type SteeringManifest = z.infer<typeof steeringManifestSchema>;

/** Everything of a package, checked. */
export type SteeringPackage = {
  readonly manifest: SteeringManifest;
  readonly manifestText: string;
  /** SHA-256 of the manifest's bytes: with the checksums in it, of the whole package. */
  readonly digest: string;
  /** Text by path, as the manifest lists them. */
  readonly files: ReadonlyMap<string, string>;
};

export const steeringInvalid = (problem: string, cause?: unknown): WorkerError =>
  new WorkerError(
    'SteeringInvalid',
    `The steering package cannot be used: ${problem}.`,
    'Mend the package ("kiro-worker steering pack" writes its manifest anew), or what names it: the setting "steering" of the environment, --steering on one machine. docs/guides/steering.md shows the form.',
    { cause },
  );

/** Names that are one file on some machine, or a file where another needs a folder. */
const clash = (paths: readonly string[]): string | null => {
  const folded = new Map<string, string>();
  for (const path of paths) {
    const key = foldPath(path).join('/');
    const other = folded.get(key);
    if (other !== undefined) return `"${other}" and "${path}" are one file`;
    folded.set(key, path);
  }
  const below = [...folded.keys()].find((key) => [...folded.keys()].some((other) => other.startsWith(`${key}/`)));
  return below === undefined ? null : `"${folded.get(below)}" is a file and a folder`;
};

/** Reads steering.json. @throws SteeringInvalid */
export const parseSteeringManifest = (text: string): SteeringManifest => {
  if (Buffer.byteLength(text) > steeringLimits.manifestBytes)
    throw steeringInvalid(`${STEERING_MANIFEST} is too large`);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw steeringInvalid(`${STEERING_MANIFEST} is not JSON`, error);
  }
  const parsed = steeringManifestSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    throw steeringInvalid(`${STEERING_MANIFEST} is wrong at ${issues.join('; ')}`);
  }
  const problem = clash(parsed.data.files.map(({ path }) => path));
  if (problem) throw steeringInvalid(problem);
  const bytes = parsed.data.files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > steeringLimits.bytes)
    throw steeringInvalid(`its files have ${bytes} bytes; at most ${steeringLimits.bytes} are brought in`);
  return parsed.data;
};

/** The manifest that an earlier version left in a repository; null when that is none: what lies in a branch is nobody's word. */
export const readOldManifest = (text: string | null): SteeringManifest | null => {
  try {
    return text === null ? null : parseSteeringManifest(text);
  } catch {
    return null;
  }
};
