import { S3Client } from '@aws-sdk/client-s3';
import { s3Artifacts } from '../../adapters/aws/s3-artifacts';
import { githubComments } from '../../adapters/github/comments';
import { createRedactor } from '../../domain/redaction';
import { lambdaHandler } from '../_kit/lambda-handler';
import { githubPorts, lockPorts } from '../_kit/ports';
import { reportFailureContract } from './contract';
import { reportFailure } from './report-failure';

export const handler = lambdaHandler(reportFailureContract, reportFailure, (env) => {
  const { run, board, secret } = githubPorts(env);
  return {
    deps: {
      locks: lockPorts(env).locks,
      artifacts: s3Artifacts({ bucket: env.ARTIFACTS_BUCKET }, { client: new S3Client() }),
      comments: githubComments({ run }),
      board,
      artifactsBucket: env.ARTIFACTS_BUCKET,
      redact: (text) => createRedactor(secret.known())(text),
    },
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
