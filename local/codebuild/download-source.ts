import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { ObjectStore } from '../aws/object-store';
import { unpackZip } from '../aws/unpack-zip';
import type { BuildRecord, PhaseContext } from './build-record';
import { type Buildspec, parseBuildspec } from './buildspec';

/** Ends a phase as FAILED; `statusCode` as CodeBuild names it. */
export class PhaseFailure extends Error {
  readonly context: PhaseContext;

  constructor(statusCode: string, message: string) {
    super(message);
    this.name = 'PhaseFailure';
    this.context = { statusCode, message };
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Unpacks the build's zip into `folder`. Gives the object version that it took. */
export const downloadSource = (
  { source, sourceVersion }: BuildRecord,
  folder: string,
  objects: ObjectStore,
): string | undefined => {
  if (source.type === 'NO_SOURCE') return undefined;
  const [, bucket = '', key = ''] = /^(?:arn:aws:s3:::)?([^/]+)\/(.+)$/.exec(source.location) ?? [];
  const versionId = sourceVersion === undefined || sourceVersion.startsWith('arn:') ? undefined : sourceVersion;
  let found: ReturnType<ObjectStore['find']>;
  try {
    found = objects.find(bucket, key, versionId);
    if (!found) throw new Error('NoSuchKey: The specified key does not exist.');
    unpackZip(readFileSync(found.path), folder);
  } catch (error) {
    throw new PhaseFailure('CLIENT_ERROR', `${reason(error)} for primary source s3://${source.location}`);
  }
  return found.versionId;
};

/** The buildspec of the build: text that holds a line end is the buildspec itself, anything else its path in the source. */
export const readBuildspec = ({ source }: BuildRecord, folder: string): Buildspec => {
  const isInline = source.buildspec.includes('\n');
  const path = join(folder, source.buildspec || 'buildspec.yml');
  const inside = relative(folder, path);
  if (!isInline && (inside.startsWith('..') || isAbsolute(inside) || !existsSync(path)))
    throw new PhaseFailure('YAML_FILE_ERROR', 'YAML file does not exist');
  try {
    return parseBuildspec(isInline ? source.buildspec : readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PhaseFailure('YAML_FILE_ERROR', `The buildspec is wrong: ${reason(error)}`);
  }
};
