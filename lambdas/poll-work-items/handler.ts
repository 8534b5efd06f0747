import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsDeadLetterQueue } from '../../adapters/aws/dead-letter-queue';
import { readBranchFacts, readLinkedBranches } from '../../adapters/github/branch-facts';
import { readBlockingRules } from '../../adapters/github/branch-rules';
import { githubComments } from '../../adapters/github/comments';
import { findBoard } from '../../adapters/github/find-board';
import { readBoardPages } from '../../adapters/github/read-board';
import { receiptKey } from '../../domain/artifact-keys';
import { createRedactor } from '../../domain/redaction';
import { artifactsPort } from '../_kit/artifacts-port';
import { commandOption } from '../_kit/command-option';
import { creditPorts } from '../_kit/credit-ports';
import { githubPorts } from '../_kit/github-ports';
import { lambdaHandler } from '../_kit/lambda-handler';
import { lockPorts } from '../_kit/lock-ports';
import { pollWorkItemsContract } from './contract';
import { pollWorkItems } from './poll-work-items';
import { tellOfTick } from './tell-of-tick';

export const handler = lambdaHandler(pollWorkItemsContract, pollWorkItems, (env) => {
  const { run, requests, settings, board, secret, token } = githubPorts(env);
  const blockingRules = async (repository: string, branch: string) =>
    readBlockingRules({ apiUrl: env.GITHUB_API_URL, repository, branch }, await token());
  const { locks, executionLife } = lockPorts(env);
  const artifacts = artifactsPort(env);
  return {
    deps: {
      settings,
      board,
      locks,
      executionLife,
      artifacts,
      credits: creditPorts(env),
      comments: githubComments({ run }),
      boards: {
        find: (of) => findBoard(of, run),
        pages: (found, of, statuses) => readBoardPages(found, of, statuses, run),
        linkedBranches: (issueIds) => readLinkedBranches(issueIds, run),
        branchFacts: (repositoryId, branch) =>
          readBranchFacts(repositoryId, branch, { run, readBlockingRules: blockingRules }),
      },
      deadLetters: sqsDeadLetterQueue({ queueUrl: env.DEAD_LETTER_QUEUE_URL }, { client: new SQSClient() }),
      receipts: {
        write: async (receipt, executionName) => {
          const key = receiptKey(receipt.startedAt, executionName);
          await artifacts.writeText(key, createRedactor(secret.known())(JSON.stringify(receipt)));
          return key;
        },
      },
      requests,
      maxConcurrentItems: env.MAX_CONCURRENT_ITEMS,
      environment: env.ENVIRONMENT,
      commandOption: commandOption(env),
      release: env.RELEASE,
      now: () => new Date(),
    },
    tell: tellOfTick,
    secrets: secret.known,
    forgetSecrets: secret.forget,
  };
});
