import type { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';
import { PrivateBucket } from './private-bucket';

const OLD_VERSION_DAYS = 30;

/** What builds, gate and polls leave behind (domain/artifact-keys.ts). It goes after the environment's retention time. */
export class ArtifactsBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key }: { readonly key: EnvironmentKey }) {
    const { names, environment } = environmentStackOf(scope);
    super(scope, id, {
      name: names.artifactsBucket,
      key,
      rules: [
        {
          id: 'retention',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          expiration: [{ days: environment.artifactRetentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: OLD_VERSION_DAYS }],
        },
      ],
    });
  }
}
