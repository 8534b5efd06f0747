import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlimitedCredits } from '../../domain/credit-allowance';
import { type DeadLetter, deadLetterSchema } from '../../domain/dead-letter';
import type { WorkItem } from '../../domain/work-item';
import { taskContracts } from '../../lambdas/registry';
import { createEngine, type Engine } from '../../local/asl/engine';
import { TaskFailure } from '../../local/asl/failures';
import { createFileStore } from '../../local/asl/store';
import type { IntegrationCall } from '../../local/asl/strand';
import { workItemPipeline } from '../../workflows/work-item-pipeline/definition';
import type { PipelineResources } from '../../workflows/work-item-pipeline/pipeline-resources';
import { createFakeClock } from '../local/asl/support/fake-clock';
import { spendingReport } from '../support/spendings';
import { leaseOf, workItem } from '../support/work-items';

export const resources: PipelineResources = {
  functionArn: (task) => `arn:aws:lambda:eu-central-1:111122223333:function:worker-${task}:7`,
  deadLetterQueueUrl: 'https://sqs.eu-central-1.amazonaws.com/111122223333/dead-letters',
  gitProject: 'git-project',
  builderProject: 'builder-project',
  workerSource: 'releases/bundles/worker.zip',
  workerSourceVersion: 'version-1',
  environment: 'somewhere',
  release: 'abc',
  maxConcurrentItems: 2,
  buildTimeoutMinutes: 90,
  queuedTimeoutMinutes: 60,
  itemMapLabel: 'items',
};

/** What one step answers or throws. Steps are called by their state's name: AcquireLock, Checkout, Build … */
export type Answer = (input: Record<string, unknown>, call: number) => unknown;

export type Call = { readonly step: string; readonly input: Record<string, unknown> };

export type Run = {
  readonly status: string;
  readonly output: unknown;
  /** Steps in the order in which they were called, retries included. */
  readonly steps: readonly string[];
  readonly calls: readonly Call[];
  readonly letters: readonly DeadLetter[];
  readonly items: readonly {
    readonly status: string;
    readonly output: Record<string, unknown> | null;
    readonly error: string | undefined;
    readonly cause: string | undefined;
    readonly executionArn: string;
    readonly name: string;
  }[];
  /** Bytes of the largest thing that has travelled in state. */
  readonly largestState: number;
  readonly slept: readonly number[];
};

export const failWith =
  (error: string, cause = '{"errorMessage":"it broke"}'): Answer =>
  () => {
    throw new TaskFailure(error, cause);
  };

export const counts = { taken: 1, waiting: 0, refused: 0, reconciled: 0, parked: 0 };

/** What each step answers when all goes well. */
const allWell: Readonly<Record<string, Answer>> = {
  PollWorkItems: () => ({
    outcome: 'items',
    items: [workItem()],
    message: 'Taken: #12.',
    counts,
    receiptKey: 'receipts/x',
  }),
  AcquireLock: ({ owner }) => ({
    outcome: 'acquired',
    lease: leaseOf({ owner: String(owner) }),
    credits: unlimitedCredits,
  }),
  AnnounceStart: () => ({ outcome: 'announced', message: 'The item is in "In progress".' }),
  CoverageGate: () => ({
    kind: 'green',
    summary: 'Tests and coverage are good.',
    hasCommits: true,
    fruitful: true,
    resultVersionId: 'rv',
    verdictKey: 'verdicts/x.json',
    verdictVersionId: 'vv',
    fault: null,
  }),
  RecordSpending: () => ({ outcome: 'recorded', report: spendingReport(), note: null }),
  UpdatePullRequest: () => ({
    pullRequest: { number: 2, url: 'https://github.com/acme/shop/pull/2', isDraft: false },
    action: 'created',
    status: 'inReview',
  }),
  ReportFailure: () => ({ outcome: 'reported', code: 'X', message: 'x' }),
  ReleaseLock: () => ({ outcome: 'released' }),
};

const contractOf = (functionName: unknown) => {
  const found = taskContracts.find(({ name }) => resources.functionArn(name) === functionName);
  if (!found) throw new Error(`no task is called ${String(functionName)}`);
  return found;
};

type BuildArguments = {
  readonly ProjectName: string;
  readonly EnvironmentVariablesOverride: readonly { readonly Name: string; readonly Value: unknown }[];
};

/** Runs the real definition on the real engine; only what the steps do is made up. Inputs and outputs are held to the contracts. */
export const createPipelineBench = () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipe line '));
  const clock = createFakeClock();
  let answers: Readonly<Record<string, Answer>> = allWell;
  let ids = 0;
  const calls: Call[] = [];
  const letters: DeadLetter[] = [];

  const answer = (step: string, input: Record<string, unknown>): unknown => {
    calls.push({ step, input });
    const turn = calls.filter((call) => call.step === step).length;
    return (answers[step] ?? allWell[step])?.(input, turn);
  };
  const invoke = (given: { readonly FunctionName: unknown; readonly Payload: unknown }) => {
    const contract = contractOf(given.FunctionName);
    const input = contract.input.parse(given.Payload) as Record<string, unknown>;
    return { StatusCode: 200, Payload: contract.output.parse(answer(contract.state, input)) };
  };
  const build = ({ ProjectName, EnvironmentVariablesOverride }: BuildArguments) => {
    const variables = Object.fromEntries(EnvironmentVariablesOverride.map(({ Name, Value }) => [Name, Value]));
    const step =
      ProjectName === resources.builderProject ? 'Build' : variables.MODE === 'checkout' ? 'Checkout' : 'Publish';
    answer(step, variables);
    return { Build: { Id: `${ProjectName}:1`, BuildStatus: 'SUCCEEDED' } };
  };
  const send = ({ MessageBody }: { readonly MessageBody: string }) => {
    answer('SendToDeadLetterQueue', {});
    letters.push(deadLetterSchema.parse(JSON.parse(MessageBody)));
    return { MessageId: 'm' };
  };
  const integrations = async ({ resource, arguments: given }: IntegrationCall): Promise<unknown> => {
    if (resource.includes('lambda:invoke')) return invoke(given as Parameters<typeof invoke>[0]);
    if (resource.includes('codebuild')) return build(given as BuildArguments);
    return send(given as Parameters<typeof send>[0]);
  };

  const engine: Engine = createEngine({
    home: { region: 'eu-central-1', accountId: '111122223333' },
    clock,
    randomness: {
      number: () => 0.999,
      uuid: () => {
        ids += 1;
        return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
      },
    },
    integrations,
    store: createFileStore(folder),
  });
  const definition = JSON.stringify(workItemPipeline(resources));
  const roleArn = 'arn:aws:iam::111122223333:role/states';
  const { stateMachineArn } = engine.machines.create({ name: 'pipeline', definition, roleArn }).machine;

  const largestIn = (arn: string): number =>
    Math.max(
      0,
      ...engine.history(arn).map((event) => {
        const details = [event.stateEnteredEventDetails?.input, event.stateExitedEventDetails?.output];
        const assigned = JSON.stringify(event.stateExitedEventDetails ?? {}).length;
        return Math.max(assigned, ...details.map((text) => text?.length ?? 0));
      }),
    );

  return {
    engine,
    run: async (changed: Readonly<Record<string, Answer>> = {}, input: object = {}): Promise<Run> => {
      answers = { ...allWell, ...changed };
      const { executionArn } = engine.startExecution({ stateMachineArn, input: JSON.stringify(input) });
      const parent = await engine.waitForEnd(executionArn);
      const children = engine.executions().filter(({ mapRunArn }) => mapRunArn !== undefined);
      return {
        status: parent.status,
        output: parent.output === undefined ? null : JSON.parse(parent.output),
        steps: calls.map(({ step }) => step),
        calls,
        letters,
        items: children.map(({ status, output, error, cause, executionArn: arn, name }) => ({
          status,
          output: output === undefined ? null : JSON.parse(output),
          error,
          cause,
          executionArn: arn,
          name,
        })),
        largestState: Math.max(...[executionArn, ...children.map((child) => child.executionArn)].map(largestIn)),
        slept: clock.slept(),
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** The only item of a run. */
export const onlyItem = ({ items }: Run): Run['items'][number] => {
  const [item, ...others] = items;
  if (!item || others.length > 0) throw new Error(`${items.length} items were processed`);
  return item;
};

export const redriven = (item: WorkItem = workItem(), more: object = {}) => ({ items: [item], redrive: true, ...more });
