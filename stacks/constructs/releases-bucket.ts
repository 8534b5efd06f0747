import type { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';
import { PrivateBucket } from './private-bucket';

/** A version of the state machine that the alias may go back to pins a version of worker.zip: both numbers must be exceeded before one goes. */
const KEPT_VERSIONS = 20;
const KEPT_DAYS = 400;

/** What is released: bundles, pinned agents, kept stacks. Builds can read worker.zip in it and nothing else. */
export class ReleasesBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { key }: { readonly key: EnvironmentKey }) {
    super(scope, id, {
      name: environmentStackOf(scope).names.releasesBucket,
      key,
      rules: [
        {
          id: 'earlier-releases',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: KEPT_DAYS, newerNoncurrentVersions: KEPT_VERSIONS }],
        },
      ],
    });
  }
}
