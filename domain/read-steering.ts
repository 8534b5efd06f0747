import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { countOf } from './count-of';
import { WorkerError } from './errors';
import {
  parseSteeringManifest,
  STEERING_MANIFEST,
  type SteeringPackage,
  steeringInvalid,
  steeringLimits,
} from './steering-package';

/** Bytes of one file of a package, wherever it lies; more than `mostBytes` are refused. @throws SteeringInvalid */
export type ReadSteeringFile = (path: string, mostBytes: number) => Promise<Buffer>;

export const steeringFileTooLarge = (path: string, bytes: number | string, most: number): WorkerError =>
  steeringInvalid(`"${path}" has ${bytes} bytes; at most ${most} are allowed there`);

/** What went wrong with a package, with the place of the package in its message. */
export const ofSteeringPlace = (place: string, error: unknown): unknown => {
  if (!(error instanceof WorkerError)) return error;
  const problem = error.message.replace(/^The steering package cannot be used: /, 'it cannot be used: ');
  return new WorkerError(error.code, `The steering package, ${place}: ${problem}`, error.remedy, { cause: error });
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const isSteeringText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

const asText = (bytes: Buffer, path: string): string => {
  if (!isSteeringText(bytes)) throw steeringInvalid(`"${path}" is not text in UTF-8`);
  return bytes.toString('utf8');
};

/** Reads a package and checks all of it against its manifest, and the manifest against the digest that it is pinned to. @throws SteeringInvalid, and what `read` throws */
export const readSteering = async (read: ReadSteeringFile, pinned: string | null): Promise<SteeringPackage> => {
  const manifestBytes = await read(STEERING_MANIFEST, steeringLimits.manifestBytes);
  const digest = sha256(manifestBytes);
  if (pinned !== null && pinned !== digest)
    throw steeringInvalid(`the SHA-256 of its ${STEERING_MANIFEST} is ${digest}; pinned is ${pinned}`);
  const manifestText = asText(manifestBytes, STEERING_MANIFEST);
  const manifest = parseSteeringManifest(manifestText);
  const files = new Map<string, string>();
  for (const { path, sha256: wanted, bytes: length } of manifest.files) {
    const bytes = await read(path, length);
    const found = sha256(bytes);
    if (found !== wanted) throw steeringInvalid(`the SHA-256 of "${path}" is ${found}; its manifest says ${wanted}`);
    files.set(path, asText(bytes, path));
  }
  return { manifest, manifestText, digest, files };
};

/** For logs: which package, and how much of it. */
export const describeSteering = ({ manifest, digest, files }: SteeringPackage): string =>
  `${manifest.name} ${manifest.release}, ${countOf(files.size, 'file')}, sha256:${digest}`;
