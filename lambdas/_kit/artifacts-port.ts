import { S3Client } from '@aws-sdk/client-s3';
import { type Artifacts, s3Artifacts } from '../../adapters/aws/s3-artifacts';
import type { TaskEnvironment } from './env';

/** The artifacts bucket, in the account that it must belong to. */
export const artifactsPort = ({ ARTIFACTS_BUCKET, AWS_ACCOUNT_ID }: TaskEnvironment): Artifacts =>
  s3Artifacts({ bucket: ARTIFACTS_BUCKET, owner: AWS_ACCOUNT_ID }, { client: new S3Client() });
