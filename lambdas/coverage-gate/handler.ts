import { S3Client } from '@aws-sdk/client-s3';
import { s3Artifacts } from '../../adapters/aws/s3-artifacts';
import { lambdaHandler } from '../_kit/lambda-handler';
import { coverageGateContract } from './contract';
import { coverageGate } from './coverage-gate';

export const handler = lambdaHandler(coverageGateContract, coverageGate, (env) => {
  const { read, openReport, writeText } = s3Artifacts({ bucket: env.ARTIFACTS_BUCKET }, { client: new S3Client() });
  return {
    deps: {
      artifacts: { read, openReport, writeVerdict: (key, verdict) => writeText(key, JSON.stringify(verdict)) },
      threshold: env.COVERAGE_THRESHOLD,
      now: () => new Date(),
    },
  };
});
