import { type ErrorCode, WorkerError } from '../../domain/errors';
import type { GitAnswer } from './git-answer';

type Rule = { readonly pattern: RegExp; readonly code: ErrorCode; readonly message: string; readonly remedy: string };

const SECRET = 'Write a token that is valid and may read and push this repository into the secret git-credentials.';

/**
 * Git's words (LC_ALL=C) and GitHub's, in the order in which they are looked for: what the server said comes before what curl makes of it. GitHub answers
 * 404 for a repository that the token may not see.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /rate limit|returned error: 429|too many requests/i,
    code: 'RateLimited',
    message: 'GitHub limits the rate of requests',
    remedy: 'Try again later.',
  },
  {
    pattern: /enabled or enforced SAML|SAML SSO/i,
    code: 'PermissionDenied',
    message: 'The organisation wants single sign-on',
    remedy: 'Authorise the git credential for it: Settings, Developer settings, Configure SSO.',
  },
  {
    pattern: /Authentication failed|could not read (?:Username|Password)|Invalid username or|returned error: 401/i,
    code: 'AuthenticationFailed',
    message: 'GitHub did not accept the git credential',
    remedy: SECRET,
  },
  {
    pattern: /couldn't find remote ref/,
    code: 'BranchNotFound',
    message: 'A branch is gone from the repository',
    remedy: 'Push it again.',
  },
  {
    pattern: /(?:repository|project) .*not found|returned error: 404|does not appear to be a git repository/i,
    code: 'NotFound',
    message: 'The repository does not exist, or the git credential may not see it',
    remedy: `Check its name. ${SECRET}`,
  },
  {
    pattern: /returned error: 30[1278]|unable to update url base from redirection/,
    code: 'NotFound',
    message: 'The server sends the repository to another address, where the credential must not go',
    remedy: 'Use the new name of the repository: move its issue to the board again.',
  },
  {
    pattern: /returned error: 403|Permission to .* denied|access .*denied|not granted/i,
    code: 'PermissionDenied',
    message: 'The git credential may not do this',
    remedy: SECRET,
  },
  {
    pattern:
      /unable to access|Could not resolve|Failed to connect|Connection (?:refused|reset|timed out)|returned error: 5\d\d|RPC failed|early EOF|hung up unexpectedly|unexpected disconnect|Operation too slow|SSL|TLS/i,
    code: 'RepositoryUnreachable',
    message: 'The repository cannot be reached',
    remedy: 'Check the network and the address of the server, then try again.',
  },
];

const LONGEST_WORDS = 2_000;

/** What the server itself said, without git's `remote:`. */
export const wordsOfServer = (stderr: string): string =>
  stderr
    .split(/[\r\n]+/)
    .flatMap((line) => /^remote: ?(.*)$/.exec(line)?.[1]?.trim() ?? [])
    .filter(Boolean)
    .join('\n')
    .slice(0, LONGEST_WORDS);

const lastWords = (stderr: string): string =>
  stderr
    .trim()
    .split(/[\r\n]+/)
    .filter((line) => !line.startsWith('remote:'))
    .slice(-2)
    .join(' ')
    .slice(-LONGEST_WORDS);

/**
 * A failed git as an error of the catalogue. `stderr` must have been redacted. Only the words of a command that spoke with a server are looked into: those of
 * others may quote the names of hostile files.
 */
export const classifyGitFailure = (
  command: string,
  isRemote: boolean,
  { exitCode, stderr }: GitAnswer,
): WorkerError => {
  const words = [wordsOfServer(stderr), lastWords(stderr)].filter(Boolean).join('; ');
  const rule = isRemote ? RULES.find(({ pattern }) => pattern.test(stderr)) : undefined;
  if (rule) return new WorkerError(rule.code, `${rule.message} (git ${command}: ${words}).`, rule.remedy);
  return new WorkerError('UnexpectedFault', `git ${command} failed with exit code ${exitCode}: ${words}`);
};
