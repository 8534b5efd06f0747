import type { Environment } from '../schema';

export const test: Environment = {
  name: 'test',
  account: '111122223333', // an example account of the AWS documentation: put yours here, Terraform refuses any other
  region: 'us-east-1',
  pollIntervalMinutes: 5,
  coverageThreshold: 80,
  maxConcurrentItems: 1,
  buildTimeoutMinutes: 90,
  queuedTimeoutMinutes: 60,
  logRetentionDays: 30,
  artifactRetentionDays: 30,
  secretRecoveryDays: 0,
  deletionProtection: false,
  agent: { kind: 'kiro-cli', engine: 'v2', sha256: null },
  buildUser: 'nobody',
  steering: null,
  githubApiUrl: 'https://api.github.com',
  githubServerUrl: 'https://github.com',
  alarmEmails: [],
};
