import type { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';
import { ProtectedTable } from './protected-table';

/** What ran where, when, by whom, with which outcome; approvals lie under their approver's own id. Nothing is ever deleted from it. */
export class DeploymentLedgerTable extends ProtectedTable {
  constructor(scope: Construct, id: string, { key }: { readonly key: EnvironmentKey }) {
    super(scope, id, {
      key,
      name: environmentStackOf(scope).names.ledgerTable,
      hashKey: 'pk',
      rangeKey: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
    });
  }
}
