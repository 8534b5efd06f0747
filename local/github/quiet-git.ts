/**
 * Arguments under which git serves somebody else's repository: nothing that the repository configures may run a program
 * (hooks, fsmonitor, alternate refs, garbage collection, a checkout after a push), and no other host is ever asked.
 */
export const quietGit: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=true',
  'safe.directory=*',
  'receive.denyCurrentBranch=refuse',
  'receive.autogc=false',
  'receive.hideRefs=refs/pull',
  'gc.auto=0',
  'uploadpack.allowFilter=true',
  'uploadpack.allowAnySHA1InWant=true',
  'http.receivepack=true',
].flatMap((setting) => ['-c', setting]);

/** The whole environment of such a git. */
export const gitEnvironment = (searchPath: string): Record<string, string> => ({
  PATH: searchPath,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_TERMINAL_PROMPT: '0',
});
