import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { EnvironmentKey } from './environment-key';
import { policyDocument, requireTls, type Statement } from './policy-document';

type Options = {
  readonly name: string;
  readonly key: EnvironmentKey;
  /** How long what is there; abandoned uploads always go after a week. */
  readonly rules: readonly S3BucketLifecycleConfigurationRule[];
};

const UPLOAD_DAYS = 7;

const refuseOldTls = (actions: readonly string[], resources: readonly string[]): Statement => ({
  ...requireTls(actions, resources),
  Sid: 'RefuseOldTls',
  Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
});

/** A bucket that nobody outside can see: versioned, encrypted with the environment's key, TLS 1.2 only, no ACLs. */
export class PrivateBucket extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { name, key, rules }: Options) {
    super(scope, id);
    const { deletionProtection } = environmentStackOf(this).environment;
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: name,
      forceDestroy: !deletionProtection,
      lifecycle: { preventDestroy: deletionProtection },
    });
    this.name = name;
    this.close(bucket);
    new S3BucketVersioningA(this, 'versions', { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.id,
      rule: [
        ...rules,
        {
          id: 'abandoned-uploads',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UPLOAD_DAYS }],
        },
      ],
    });
  }

  private close(bucket: S3Bucket): void {
    const shut = new S3BucketPublicAccessBlock(this, 'public-access', {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket: bucket.id,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    const everything = [['s3:*'], [bucket.arn, `${bucket.arn}/*`]] as const;
    new S3BucketPolicy(this, 'policy', {
      bucket: bucket.id,
      policy: policyDocument([requireTls(...everything), refuseOldTls(...everything)]),
      dependsOn: [shut], // S3 refuses two changes of a bucket's access at the same time
    });
  }
}
