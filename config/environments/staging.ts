import type { Environment } from '../schema';

export const staging: Environment = {
  name: 'staging',
  account: '444455556666', // an example account of the AWS documentation: put yours here, Terraform refuses any other
  region: 'us-east-1',
  pollIntervalMinutes: 10,
  coverageThreshold: 80,
  maxConcurrentItems: 1,
  buildTimeoutMinutes: 90,
  queuedTimeoutMinutes: 60,
  logRetentionDays: 90,
  artifactRetentionDays: 90,
  secretRecoveryDays: 7,
  deletionProtection: true,
  agent: { kind: 'kiro-cli', engine: 'v2', sha256: null },
  buildUser: 'nobody',
  steering: null,
  githubApiUrl: 'https://api.github.com',
  githubServerUrl: 'https://github.com',
  alarmEmails: [],
};
