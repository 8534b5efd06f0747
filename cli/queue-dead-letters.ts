import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { sqsDeadLetterQueue } from '../adapters/aws/dead-letter-queue';
import { stepFunctionsExecutionLife } from '../adapters/aws/execution-life';
import { s3Artifacts } from '../adapters/aws/s3-artifacts';
import { startExecution } from '../adapters/aws/start-execution';
import { translateAwsError } from '../adapters/aws/translate-aws-error';
import type { Names } from '../config/naming';
import { buildErrorSchema } from '../domain/build-result';
import { failedStepKey } from '../domain/failed-step-key';
import type { DeadLetters } from './dead-letters';

type Clients = { readonly sqs: SQSClient; readonly s3: S3Client; readonly sfn: SFNClient };

const lastPart = (arn: string): string => arn.split(':').at(-1) ?? arn;

const parseEvidence = (text: string | null) => {
  try {
    return buildErrorSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return null; // the step left nothing, or was killed while it wrote
  }
};

/** The dead letters of one environment through AWS's interfaces, wherever those are. */
export const queueDeadLetters = async (
  names: Names,
  clients: Clients,
  rest: Pick<DeadLetters, 'close'> & {
    readonly settle: (executionArn: string) => Promise<string | null>;
    /** The path of an object that lies on this machine. */
    readonly findFile?: (bucket: string, key: string) => string | undefined;
  },
): Promise<DeadLetters> => {
  const { QueueUrl = '' } = await clients.sqs
    .send(new GetQueueUrlCommand({ QueueName: names.deadLetterQueue }))
    .catch((error: unknown) => {
      throw translateAwsError(error, `find the queue ${names.deadLetterQueue}`);
    });
  const queue = sqsDeadLetterQueue({ queueUrl: QueueUrl }, { client: clients.sqs });
  const { readText } = s3Artifacts({ bucket: names.artifactsBucket }, { client: clients.s3 });
  const start = startExecution({ client: clients.sfn });
  const lifeOf = stepFunctionsExecutionLife({ client: clients.sfn });
  return {
    close: rest.close,
    list: queue.list,
    remove: queue.remove,
    evidence: async ({ executionArn, step }) => {
      const key = failedStepKey(lastPart(executionArn), step);
      return key ? parseEvidence(await readText(key)) : null;
    },
    placeOf: async (_, key) => rest.findFile?.(names.artifactsBucket, key) ?? `s3://${names.artifactsBucket}/${key}`,
    start: async ({ item, dryRun }, name) => {
      const stateMachineArn = `${names.stateMachineArn}:${names.liveAlias}`;
      const outcome = await start({ stateMachineArn, name, input: { items: [item], redrive: true, dryRun } });
      const executionArn = `${names.executionArns}:${name}`;
      return { executionArn, outcome, life: () => lifeOf(executionArn), settle: () => rest.settle(executionArn) };
    },
  };
};
