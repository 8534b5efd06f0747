import type { Names } from '../../config/naming';
import type { Environment } from '../../config/schema';

type Variables = Readonly<Record<string, string>>;
type World = { readonly names: Names; readonly environment: Environment };

/** What both projects are told; the state machine adds what concerns one item (worker/env.ts checks it all). */
const shared = ({ names, environment }: World): Variables => ({
  ARTIFACTS_BUCKET: names.artifactsBucket,
  AWS_ACCOUNT_ID: environment.account,
});

const steeringVariables = ({ names, environment: { steering } }: World): Variables =>
  steering ? { STEERING: JSON.stringify(steering), RELEASES_BUCKET: names.releasesBucket } : {};

export const gitVariables = (world: World): Variables => ({
  ...shared(world),
  GITHUB_SERVER_URL: world.environment.githubServerUrl,
  GITHUB_API_URL: world.environment.githubApiUrl,
  GIT_CREDENTIALS_SECRET: world.names.secret('git-credentials'),
  LOCKS_TABLE: world.names.locksTable,
  ...steeringVariables(world),
});

export const builderVariables = (world: World): Variables => {
  const { agent, buildTimeoutMinutes, buildUser, coverageThreshold } = world.environment;
  return {
    ...shared(world),
    MODE: 'build',
    COVERAGE_THRESHOLD: String(coverageThreshold),
    BUILD_TIMEOUT_MINUTES: String(buildTimeoutMinutes),
    BUILD_USER: buildUser,
    AGENT_KIND: agent.kind,
    ...(agent.kind === 'command' ? { AGENT_COMMAND: agent.command } : { AGENT_ENGINE: agent.engine }),
    ...(agent.kind === 'kiro-cli' && agent.sha256 ? { AGENT_SHA256: agent.sha256 } : {}),
    RELEASES_BUCKET: world.names.releasesBucket,
    KIRO_API_KEY_SECRET: world.names.secret('kiro-api-key'),
  };
};
