import { DynamodbTable, type DynamodbTableConfig } from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';

type Options = Pick<DynamodbTableConfig, 'name' | 'hashKey' | 'rangeKey' | 'attribute' | 'globalSecondaryIndex'> & {
  readonly key: EnvironmentKey;
};

/** A table on demand, encrypted with the environment's key, restorable to any second of the last 35 days. */
export class ProtectedTable extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { key, ...shape }: Options) {
    super(scope, id);
    const { deletionProtection } = environmentStackOf(this).environment;
    this.name = shape.name;
    new DynamodbTable(this, 'table', {
      ...shape,
      billingMode: 'PAY_PER_REQUEST',
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: deletionProtection,
      lifecycle: { preventDestroy: deletionProtection },
    });
  }
}
