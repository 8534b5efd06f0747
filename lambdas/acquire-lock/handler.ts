import { artifactsPort } from '../_kit/artifacts-port';
import { creditPorts } from '../_kit/credit-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { acquireLock } from './acquire-lock';
import { acquireLockContract } from './contract';

export const handler = lambdaHandler(acquireLockContract, acquireLock, (env) => ({
  deps: { ...lockPorts(env), credits: creditPorts(env), artifacts: artifactsPort(env), now: () => new Date() },
}));
