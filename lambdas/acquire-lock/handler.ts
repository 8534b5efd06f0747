import { creditPorts } from '../_kit/credit-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { acquireLock } from './acquire-lock';
import { acquireLockContract } from './contract';

export const handler = lambdaHandler(acquireLockContract, acquireLock, (env) => ({
  deps: { locks: lockPorts(env).locks, credits: creditPorts(env) },
}));
