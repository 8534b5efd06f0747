import { chmod } from 'node:fs/promises';
import { WorkerError } from '../../domain/errors';

/**
 * CodeBuild hands the environment from one command to the next in files of this folder (env.sh): the path under which the container's credentials
 * are served is in them. The address itself, 169.254.170.2, cannot be closed without privileges over the network; the path is what is secret.
 */
export const codebuildCommandFolder = '/codebuild/output/tmp';

/** Closes `folder` to everybody but its owner; nothing to do where there is none. @throws PermissionDenied rather than running foreign code beside it */
export const sealCredentials = async (folder: string): Promise<void> => {
  try {
    await chmod(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new WorkerError(
      'PermissionDenied',
      `${folder} holds the build's credentials and cannot be closed to the build user.`,
      'Run the build as root of its container.',
      { cause: error },
    );
  }
};
