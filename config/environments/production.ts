import type { Environment } from '../schema';

export const production: Environment = {
  name: 'production',
  account: '777788889999', // an example account of the AWS documentation: put yours here, Terraform refuses any other
  region: 'us-east-1',
  pollIntervalMinutes: 15,
  coverageThreshold: 80,
  maxConcurrentItems: 1,
  buildTimeoutMinutes: 90,
  queuedTimeoutMinutes: 60,
  logRetentionDays: 400,
  artifactRetentionDays: 365,
  secretRecoveryDays: 30,
  deletionProtection: true,
  agent: { kind: 'kiro-cli', engine: 'v2', sha256: null },
  buildUser: 'nobody',
  steering: null,
  githubApiUrl: 'https://api.github.com',
  githubServerUrl: 'https://github.com',
  alarmEmails: [],
};
