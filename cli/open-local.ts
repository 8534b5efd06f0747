import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { OnLiveEvent } from '../local/live-event';
import { collectReport } from '../local/report/collect-report';
import type { Report } from '../local/report/report';
import { type LocalWorker, type LocalWorkerOptions, openLocalWorker } from '../local/run';
import type { CliContext } from './command';
import type { DeadLetters } from './dead-letters';
import { queueDeadLetters } from './queue-dead-letters';

/** A local worker with what the commands do with it. */
export type LocalSession = {
  readonly worker: LocalWorker;
  readonly deadLetters: DeadLetters;
  readonly report: (facts: {
    readonly startedAt: Date;
    readonly ticks: number;
    readonly interrupted: boolean;
  }) => Promise<Report>;
  readonly close: () => Promise<void>;
};

/** How the last execution of an item went, in one word; null when it cannot be told. */
const endOf = async (worker: LocalWorker, executionArn: string): Promise<string | null> => {
  const { engine } = worker.cloud;
  await engine.waitForEnd(executionArn);
  const runs = new Set(engine.mapRuns().flatMap((run) => (run.executionArn === executionArn ? [run.mapRunArn] : [])));
  const child = engine.executions().find(({ mapRunArn }) => mapRunArn !== undefined && runs.has(mapRunArn));
  if (!child) return null;
  if (child.status !== 'SUCCEEDED') return child.status === 'ABORTED' ? 'interrupted' : 'failed';
  return (JSON.parse(child.output ?? '{}') as { outcome?: string }).outcome ?? null;
};

/** Opens a worker on this machine and joins the operator's clients to it. */
export const openLocal = async (
  options: Omit<LocalWorkerOptions, 'variables' | 'onLiveEvent'> & {
    readonly onLiveEvent?: OnLiveEvent;
  },
  context: CliContext,
): Promise<LocalSession> => {
  const worker = await openLocalWorker({
    onLiveEvent: () => undefined,
    ...options,
    variables: context.env,
  });
  const { cloud } = worker;
  const client = { endpoint: cloud.url, region: cloud.environment.region, credentials: cloud.operator };
  const clients = {
    sqs: new SQSClient(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
    sfn: new SFNClient(client),
  };
  const close = async () => {
    for (const each of Object.values(clients)) each.destroy();
    await worker.close();
  };
  try {
    const deadLetters = await queueDeadLetters(cloud.names, clients, {
      settle: async (executionArn) => {
        const stop = () => {
          cloud.engine.stopExecution(executionArn, { error: 'Interrupted' });
        };
        if (context.signal.aborted) stop();
        context.signal.addEventListener('abort', stop, { once: true });
        try {
          return await endOf(worker, executionArn);
        } finally {
          context.signal.removeEventListener('abort', stop);
        }
      },
      findFile: (bucket, key) => cloud.objects.find(bucket, key)?.path,
      close,
    });
    return {
      worker,
      deadLetters,
      close,
      report: async (facts) => {
        const letters = await deadLetters.list();
        return collectReport(worker, {
          ...facts,
          endedAt: new Date(),
          stateFolder: options.stateFolder,
          deadLetters: letters.map(({ id, item }) => ({ id, itemId: item.itemId })),
        });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
