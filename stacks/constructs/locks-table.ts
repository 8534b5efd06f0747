import type { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';
import { ProtectedTable } from './protected-table';

/**
 * A row per item and per slot. `held` is set only on rows of items that are held, requeued or parked, so the index stays as small as the
 * work in hand (adapters/aws/lock-table.ts reads it). Nothing expires by TTL: a lock ends when its owner does.
 */
export class LocksTable extends ProtectedTable {
  constructor(scope: Construct, id: string, { key }: { readonly key: EnvironmentKey }) {
    const { names } = environmentStackOf(scope);
    super(scope, id, {
      key,
      name: names.locksTable,
      hashKey: 'pk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'held', type: 'S' },
      ],
      globalSecondaryIndex: [{ name: names.heldLocksIndex, hashKey: 'held', rangeKey: 'pk', projectionType: 'ALL' }],
    });
  }
}
