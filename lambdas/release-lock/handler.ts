import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { releaseLockContract } from './contract';
import { releaseLock } from './release-lock';

export const handler = lambdaHandler(releaseLockContract, releaseLock, (env) => ({
  deps: { locks: lockPorts(env).locks },
}));
