import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../domain/errors';
import type { ReadSteeringFile } from '../../domain/read-steering';
import { steeringInvalid } from '../../domain/steering-package';
import type { ArtifactStore } from './artifact-store';

type Place = {
  readonly prefix: string;
  /** For messages: `the releases bucket`. */
  readonly bucket: string;
};

type Deps = { readonly store: Pick<ArtifactStore, 'download'>; readonly workFolder: string };

const withoutStop = (text: string): string => text.replace(/\.$/, '');

/** The files of a package below a prefix of a bucket. Each goes through one file of `workFolder`, whatever its name is. */
export const steeringObjects =
  ({ prefix, bucket }: Place, { store, workFolder }: Deps): ReadSteeringFile =>
  async (path, most) => {
    const target = join(workFolder, 'steering-file');
    try {
      await store.download({ key: `${prefix}/${path}`, mostBytes: most }, target);
    } catch (error) {
      if (hasCode(error, 'ChangeTooLarge')) throw steeringInvalid(withoutStop((error as Error).message), error);
      // To whom must not list the bucket, S3 says of what is not there that it is denied.
      if (!hasCode(error, 'ResultMissing', 'PermissionDenied')) throw error;
      throw steeringInvalid(`${prefix}/${path} is not in ${bucket}, or not to be read there`, error);
    }
    return readFile(target);
  };
