import { generateKeyPairSync } from 'node:crypto';
import type { StandInApp } from '../../local/github/apps';

/** A GitHub App with a key of its own, as the stand-in knows it and as the worker's secret describes it. */
export const makeApp = (
  installations: StandInApp['installations'],
  permissions: StandInApp['permissions'] = {
    contents: 'write',
    issues: 'write',
    metadata: 'read',
    organization_projects: 'write',
    pull_requests: 'write',
  },
) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const app: StandInApp = { appId: '4711', slug: 'kiro-worker', publicKey, installations, permissions };
  const secret = (more: object = {}): string => JSON.stringify({ appId: 4711, privateKey, ...more });
  return { app, privateKey, secret };
};
