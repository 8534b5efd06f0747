import { githubComments } from '../../adapters/github/comments';
import { githubPullRequests } from '../../adapters/github/pull-requests';
import { previewKey } from '../../domain/artifact-keys';
import { createRedactor } from '../../domain/redaction';
import { artifactsPort } from '../_kit/artifacts-port';
import { githubPorts } from '../_kit/github-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { updatePullRequestContract } from './contract';
import { updatePullRequest } from './update-pull-request';

export const handler = lambdaHandler(updatePullRequestContract, updatePullRequest, (env) => {
  const { run, board, secret } = githubPorts(env);
  const artifacts = artifactsPort(env);
  return {
    deps: {
      locks: lockPorts(env).locks,
      artifacts,
      previews: { write: (executionName, text) => artifacts.writeText(previewKey(executionName), text) },
      pullRequests: githubPullRequests({ run }),
      comments: githubComments({ run }),
      board,
      now: () => new Date(),
      artifactsBucket: env.ARTIFACTS_BUCKET,
      hasConsole: env.AWS_ENDPOINT_URL === undefined,
      redact: (text) => createRedactor(secret.known())(text),
    },
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
