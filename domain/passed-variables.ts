/** Variables that a machine behind a company's proxy needs to install anything: passed on to install, agent and tests where the worker has them. */
export const USUALLY_PASSED = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
] as const;

/** What tells the worker itself what to do (buildspec.yml): a value of somebody else in its place would make another build of it. */
const OURS = [
  'AGENT_COMMAND',
  'AGENT_ENGINE',
  'AGENT_KIND',
  'AGENT_SHA256',
  'ARTIFACTS_BUCKET',
  'ARTIFACTS_PREFIX',
  'BRANCH_NAME',
  'BUILD_TIMEOUT_MINUTES',
  'BUILD_USER',
  'COVERAGE_THRESHOLD',
  'CREDITS',
  'DRY_RUN',
  'ENVIRONMENT',
  'GIT_CREDENTIALS_SECRET',
  'GITHUB_API_URL',
  'GITHUB_SERVER_URL',
  'LEASE',
  'LOCKS_TABLE',
  'MODE',
  'PASSED_VARIABLES',
  'PATH',
  'RELEASE',
  'RELEASES_BUCKET',
  'SPEC_PATH',
  'STEERING',
  'VERDICT_KEY',
  'VERDICT_VERSION_ID',
  'WORK_ITEM',
] as const;

/** Why no variable of this name is passed on, as the end of a sentence that begins with the name; null: it may be. The worker's own credentials never are, whoever asks. */
export const whyNotPassed = (name: string): string | null => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'is no name of a variable';
  if (name === 'PATH') return 'reaches the build anyway';
  if (/^(?:AWS|CODEBUILD|KIRO)_/i.test(name) || OURS.some((ours) => ours === name))
    return 'is a variable of AWS, CodeBuild or the worker itself';
  return null;
};
