import { githubPorts } from '../_kit/github-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { announceStart } from './announce-start';
import { announceStartContract } from './contract';

export const handler = lambdaHandler(announceStartContract, announceStart, (env) => {
  const { settings, board, secret } = githubPorts(env);
  return {
    deps: { settings, board, locks: lockPorts(env).locks },
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
