import { WorkerError } from '../../domain/errors';

const hostOf = (location: string | null, from: string): string => {
  try {
    return new URL(location ?? '', from).host;
  } catch {
    return 'another address';
  }
};

/**
 * `fetch` that follows nothing: a token must not be carried to an address that nobody has checked, and a POST that is sent on may become a GET.
 * @throws WorkerError NotFound for a redirect
 */
export const refuseRedirects: typeof fetch = async (input, init) => {
  const answer = await fetch(input, { ...init, redirect: 'manual' });
  if (answer.status < 300 || answer.status >= 400 || answer.status === 304) return answer;
  await answer.body?.cancel();
  const asked = String(input instanceof Request ? input.url : input);
  const host = hostOf(answer.headers.get('location'), asked);
  throw new WorkerError(
    'NotFound',
    `GitHub's API answered ${answer.status} and sends us to ${host}; the token was not sent there.`,
    'If a repository or an account was renamed, use its new name; else correct GITHUB_API_URL.',
  );
};
