import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { taskContracts } from '../lambdas/registry';
import { ArtifactsBucket } from './constructs/artifacts-bucket';
import { DeploymentLedgerTable } from './constructs/deployment-ledger-table';
import { EnvironmentKey } from './constructs/environment-key';
import { LocksTable } from './constructs/locks-table';
import { LogGroups } from './constructs/log-groups';
import { ReleasesBucket } from './constructs/releases-bucket';
import { EnvironmentStack } from './environment-stack';

/** What outlives every release: the key, the buckets, the tables, the logs. */
export class CoreStack extends EnvironmentStack<'core'> {
  private readonly key = new EnvironmentKey(this, 'key');
  private readonly artifacts = new ArtifactsBucket(this, 'artifacts', { key: this.key });
  private readonly releases = new ReleasesBucket(this, 'releases', { key: this.key });
  private readonly locks = new LocksTable(this, 'locks', { key: this.key });
  private readonly ledger = new DeploymentLedgerTable(this, 'ledger', { key: this.key });

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'core', environment);
    new LogGroups(this, 'logs', { key: this.key, tasks: taskContracts.map(({ name }) => name) });
    this.exports({
      key_arn: this.key.arn,
      artifacts_bucket: this.artifacts.name,
      releases_bucket: this.releases.name,
      locks_table: this.locks.name,
      ledger_table: this.ledger.name,
    });
  }
}
