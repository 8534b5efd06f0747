import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git, GitDeps } from '../../adapters/git/git';
import { initBareRepository } from '../../adapters/git/init-repository';
import { openRemote } from '../../adapters/git/remote-repository';
import { describeError, hasCode, WorkerError } from '../../domain/errors';
import type { RetryDeps } from '../../domain/retry-transient';
import {
  parseSteeringManifest,
  STEERING_MANIFEST,
  type SteeringPackage,
  steeringInvalid,
  steeringLimits,
} from '../../domain/steering-package';
import type { GitSteering, S3Steering, SteeringSource } from '../../domain/steering-source';

/** Bytes of one file of the package; `mostBytes` is what it may have. */
type ReadFile = (path: string, mostBytes: number) => Promise<Buffer>;

export type SteeringDeps = GitDeps &
  RetryDeps & {
    readonly workFolder: string;
    readonly log: (line: string) => void;
    /** The credential for a repository (`OWNER/NAME`) of `serverUrl`. @throws PermissionDenied when there is none for it */
    readonly tokenOf: (repository: string) => Promise<string>;
    readonly serverUrl: string;
    /** The releases bucket. */
    readonly releases: Pick<ArtifactStore, 'download'>;
  };

const tooLarge = (path: string, bytes: number, most: number) =>
  steeringInvalid(`"${path}" has ${bytes} bytes; at most ${most} are allowed there`);

const openObjects = ({ prefix }: S3Steering, { releases, workFolder }: SteeringDeps): ReadFile => {
  const target = join(workFolder, 'steering-file');
  return async (path, most) => {
    try {
      const { bytes } = await releases.download({ key: `${prefix}/${path}` }, target);
      if (bytes > most) throw tooLarge(path, bytes, most);
    } catch (error) {
      // To whom must not list the bucket, S3 says of what is not there that it is denied.
      if (!hasCode(error, 'ResultMissing', 'PermissionDenied')) throw error;
      throw steeringInvalid(`${prefix}/${path} is not in the releases bucket, or not to be read there`, error);
    }
    return readFile(target);
  };
};

const REF = 'refs/steering/package';

/** Git's messages are about "the repository", which is another one here. */
const naming = (what: string, error: unknown): unknown =>
  error instanceof WorkerError
    ? new WorkerError(error.code, `The steering package, ${what}: ${error.message}`, error.remedy, { cause: error })
    : error;

/** One file of the fetched commit: a regular one. A link could lead anywhere, a submodule is another repository. */
const readBlob = async (git: Git, place: string, path: string, most: number): Promise<Buffer> => {
  const listed = await git.run(['ls-tree', '-z', '--long', REF, '--', place]);
  const [, mode, object = '', size] = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t/.exec(listed) ?? [];
  if (mode === undefined) throw steeringInvalid(`"${path}" is not in the repository`);
  if (mode !== '100644' && mode !== '100755') throw steeringInvalid(`"${path}" is no regular file`);
  if (Number(size) > most) throw tooLarge(path, Number(size), most);
  const chunks: Buffer[] = [];
  await git.run(['cat-file', 'blob', object], { onStdout: (chunk) => chunks.push(chunk) });
  return Buffer.concat(chunks);
};

/** A GitHub App has no token for a repository that it is not installed in; that one may be public. */
const tokenFor = async (repository: string, { tokenOf, log }: SteeringDeps): Promise<string | null> => {
  try {
    return await tokenOf(repository);
  } catch (error) {
    if (!hasCode(error, 'PermissionDenied')) throw error;
    log(`steering: ${repository} is read without a credential: ${describeError(error)}`);
    return null;
  }
};

const openRepository = async ({ url, ref, folder }: GitSteering, deps: SteeringDeps): Promise<ReadFile> => {
  const { origin, pathname } = new URL(url);
  const git = await initBareRepository(join(deps.workFolder, 'steering.git'), deps);
  const address = { serverUrl: origin, repository: pathname.slice(1).replace(/\.git$/, '') };
  const isOurs = origin === new URL(deps.serverUrl).origin;
  const token = isOurs ? await tokenFor(address.repository, deps) : null;
  try {
    await openRemote(address, { ...deps, git, token }).fetch({ [ref]: REF }, 1);
  } catch (error) {
    throw naming(`${ref} of ${url}`, error);
  }
  const commit = (await git.run(['rev-parse', `${REF}^{commit}`])).trim();
  deps.log(`steering: ${ref} of ${url} is ${commit}`);
  return (path, most) => readBlob(git, folder === '' ? path : `${folder.replace(/\/$/, '')}/${path}`, path, most);
};

const asText = (bytes: Buffer, path: string): string => {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes) || text.includes('\0')) throw steeringInvalid(`"${path}" is not text in UTF-8`);
  return text;
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Fetches the package and checks all of it against its manifest, and the manifest against the pinned digest. Nothing of it is run, and no file is written
 * under a name that the package chose. @throws SteeringInvalid, and what git and S3 throw
 */
export const fetchSteering = async (
  source: NonNullable<SteeringSource>,
  deps: SteeringDeps,
): Promise<SteeringPackage> => {
  const read = source.kind === 'git' ? await openRepository(source, deps) : openObjects(source, deps);
  const manifestBytes = await read(STEERING_MANIFEST, steeringLimits.manifestBytes);
  const digest = sha256(manifestBytes);
  if (source.digest !== null && source.digest !== digest)
    throw steeringInvalid(`the SHA-256 of its ${STEERING_MANIFEST} is ${digest}; pinned is ${source.digest}`);
  const manifestText = asText(manifestBytes, STEERING_MANIFEST);
  const manifest = parseSteeringManifest(manifestText);
  const files = new Map<string, string>();
  for (const { path, sha256: wanted, bytes: length } of manifest.files) {
    const bytes = await read(path, length);
    const found = sha256(bytes);
    if (found !== wanted) throw steeringInvalid(`the SHA-256 of "${path}" is ${found}; its manifest says ${wanted}`);
    files.set(path, asText(bytes, path));
  }
  deps.log(`steering: ${manifest.name} ${manifest.release}, ${files.size} files, sha256:${digest}`);
  return { manifest, manifestText, digest, files };
};
