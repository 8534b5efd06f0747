import { WorkerError } from '../../domain/errors';
import { TIMEOUT_MILLISECONDS } from './graphql-client';

type Service = 'git-upload-pack' | 'git-receive-pack';

/**
 * Whether git may fetch (`git-upload-pack`) or push (`git-receive-pack`) with a token: the first request of either one, which changes nothing. What a push to a
 * certain branch would be refused for is not asked. @throws GitHubUnavailable
 */
export const mayUseGit = async (
  { serverUrl, repository }: { readonly serverUrl: string; readonly repository: string },
  service: Service,
  token: string,
): Promise<boolean> => {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const unavailable = (why: string, cause?: unknown) =>
    new WorkerError('GitHubUnavailable', `${serverUrl} could not answer git: ${why}`, 'Try again later.', { cause });
  let status: number;
  try {
    const answer = await fetch(`${serverUrl}/${repository}.git/info/refs?service=${service}`, {
      headers: { authorization: `Basic ${basic}` },
      redirect: 'manual', // the credential must not be carried elsewhere
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    throw unavailable((error as Error).message, error);
  }
  if (status >= 500 || status === 429) throw unavailable(`it answered ${status}`);
  return status === 200;
};
