import { githubComments } from '../../adapters/github/comments';
import { createRedactor } from '../../domain/redaction';
import { artifactsPort } from '../_kit/artifacts-port';
import { commandOption } from '../_kit/command-option';
import { githubPorts } from '../_kit/github-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { reportFailureContract } from './contract';
import { reportFailure } from './report-failure';

export const handler = lambdaHandler(reportFailureContract, reportFailure, (env) => {
  const { run, board, secret } = githubPorts(env);
  return {
    deps: {
      locks: lockPorts(env).locks,
      artifacts: artifactsPort(env),
      comments: githubComments({ run }),
      board,
      artifactsBucket: env.ARTIFACTS_BUCKET,
      commandOption: commandOption(env),
      redact: (text) => createRedactor(secret.known())(text),
    },
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
