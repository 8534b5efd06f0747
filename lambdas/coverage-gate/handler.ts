import { artifactsPort } from '../_kit/artifacts-port';
import { lambdaHandler } from '../_kit/lambda-handler';
import { coverageGateContract } from './contract';
import { coverageGate } from './coverage-gate';

export const handler = lambdaHandler(coverageGateContract, coverageGate, (env) => {
  const { read, openReport, writeText } = artifactsPort(env);
  return {
    deps: {
      artifacts: { read, openReport, writeVerdict: (key, verdict) => writeText(key, JSON.stringify(verdict)) },
      threshold: env.COVERAGE_THRESHOLD,
      now: () => new Date(),
    },
  };
});
