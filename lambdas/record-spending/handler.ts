import { githubComments } from '../../adapters/github/comments';
import { artifactsPort } from '../_kit/artifacts-port';
import { commandOption } from '../_kit/command-option';
import { creditPorts } from '../_kit/credit-ports';
import { githubPorts } from '../_kit/github-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { recordSpendingContract } from './contract';
import { recordSpending } from './record-spending';

export const handler = lambdaHandler(recordSpendingContract, recordSpending, (env) => {
  const { run, secret } = githubPorts(env);
  return {
    deps: {
      artifacts: artifactsPort(env),
      credits: creditPorts(env),
      comments: githubComments({ run }),
      environment: env.ENVIRONMENT,
      commandOption: commandOption(env),
      now: () => new Date(),
    },
    tell: ({ report, note }) => ({
      fields: { report, note },
      metrics: {
        RecordSpendingCredits: report.execution.known,
        RecordSpendingUnknownRuns: report.execution.unknownRuns,
      },
    }),
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
