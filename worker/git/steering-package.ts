import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { steeringObjects } from '../../adapters/aws/steering-objects';
import { type GitDeps, openGit } from '../../adapters/git/git';
import { openRemote } from '../../adapters/git/remote-repository';
import { openSteeringRepository, STEERING_FILTER, STEERING_REF } from '../../adapters/git/steering-repository';
import { describeError, hasCode } from '../../domain/errors';
import { describeSteering, ofSteeringPlace, type ReadSteeringFile, readSteering } from '../../domain/read-steering';
import type { RetryDeps } from '../../domain/retry-transient';
import type { SteeringPackage } from '../../domain/steering-package';
import type { GitSteering, SteeringSource } from '../../domain/steering-source';

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

const openRepository = async ({ url, ref, folder }: GitSteering, deps: SteeringDeps): Promise<ReadSteeringFile> => {
  const { origin, pathname } = new URL(url);
  const address = { serverUrl: origin, repository: pathname.slice(1).replace(/\.git$/, '') };
  const isOurs = origin === new URL(deps.serverUrl).origin;
  const token = isOurs ? await tokenFor(address.repository, deps) : null;
  const fetch = (gitDir: string, signal: AbortSignal): Promise<void> => {
    const git = openGit(gitDir, { ...deps, signal });
    return openRemote(address, { ...deps, git, token }).fetch(
      { [ref]: STEERING_REF },
      { depth: 1, filter: STEERING_FILTER },
    );
  };
  const { commit, read } = await openSteeringRepository(folder, { ...deps, fetch });
  deps.log(`steering: ${ref} of ${url} is ${commit}`);
  return read;
};

const placeOf = (source: NonNullable<SteeringSource>): string =>
  source.kind === 'git' ? `${source.ref} of ${source.url}` : `${source.prefix} in the releases bucket`;

/**
 * Fetches the package and checks all of it. Nothing of it is run, and no file is written under a name that the package chose.
 * @throws SteeringInvalid, and what git and S3 throw, all with the place of the package
 */
export const fetchSteering = async (
  source: NonNullable<SteeringSource>,
  deps: SteeringDeps,
): Promise<SteeringPackage> => {
  try {
    const read =
      source.kind === 'git'
        ? await openRepository(source, deps)
        : steeringObjects({ prefix: source.prefix, bucket: 'the releases bucket' }, { ...deps, store: deps.releases });
    const found = await readSteering(read, source.digest);
    deps.log(`steering: ${describeSteering(found)}`);
    return found;
  } catch (error) {
    throw ofSteeringPlace(placeOf(source), error);
  }
};
