import { WorkerError } from '../../domain/errors';
import type { WorkItem } from '../../domain/work-item';
import type { Engine } from '../asl/engine';
import { readBoardItems } from '../board/read-board';
import type { LocalWorker } from '../run';

const DAY_SECONDS = 24 * 3600;

/** The function that takes locks, as the pipeline itself calls it. */
const acquireFunction = (engine: Engine, liveAliasArn: string): string => {
  const { definition } = engine.machines.target(liveAliasArn);
  const found = /"FunctionName":\s*"([^"]+-acquire-lock:[^"]+)"/.exec(definition)?.[1];
  if (!found) throw new WorkerError('UnexpectedFault', 'The pipeline calls no function that takes locks.');
  return found;
};

const definitionOf = (functionName: string): string =>
  JSON.stringify({
    Comment: 'Takes the lock of one item and keeps it: a worker elsewhere that is busy with it',
    QueryLanguage: 'JSONata',
    StartAt: 'AcquireLock',
    States: {
      AcquireLock: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: {
          FunctionName: functionName,
          Payload: { item: '{% $states.input.item %}', owner: '{% $states.context.Execution.Id %}', dryRun: false },
        },
        Next: 'Busy',
      },
      Busy: { Type: 'Wait', Seconds: DAY_SECONDS, End: true },
    },
  });

const workItemOf = ({ github, settings }: LocalWorker, number: number): WorkItem => {
  const model = github.standIn?.model;
  if (!model) throw new WorkerError('UnexpectedFault', 'The sample has lost its board.');
  const project = model.all('ProjectV2')[0];
  const repository = model
    .all('Repository')
    .find(({ nameWithOwner }) => nameWithOwner === settings.repository?.nameWithOwner);
  const issue = model.all('Issue').find((candidate) => candidate.number === number);
  const item = readBoardItems(model).find((candidate) => candidate.number === number);
  if (!project || !repository || !issue || !item?.branch)
    throw new WorkerError('UnexpectedFault', `The sample has no item ${number}.`);
  return {
    itemId: item.itemId,
    projectId: project.id,
    issueId: issue.id,
    issueNumber: number,
    title: issue.title,
    url: `${github.serverUrl}/${repository.nameWithOwner}/issues/${number}`,
    repository: repository.nameWithOwner,
    repositoryId: repository.id,
    branch: item.branch,
    baseBranch: repository.defaultBranch,
    specPath: `.kiro/specs/${item.branch.split('/').at(-1)}`,
    priority: null,
    createdAt: issue.createdAt,
  };
};

/** Has another execution take the item's lock, by the real function, and resolves when it holds it. It runs until the worker is closed. */
export const holdItem = async (worker: LocalWorker, number: number): Promise<void> => {
  const { engine, names, liveAliasArn } = worker.cloud;
  const name = `${names.prefix}-elsewhere`;
  const definition = definitionOf(acquireFunction(engine, liveAliasArn));
  const known = engine.machines.list().find((machine) => machine.name === name);
  const roleArn = engine.machines.target(liveAliasArn).roleArn;
  const { machine } = known
    ? engine.machines.update(known.stateMachineArn, { definition, roleArn })
    : engine.machines.create({ name, definition, roleArn });
  const { executionArn } = engine.startExecution({
    stateMachineArn: machine.stateMachineArn,
    input: JSON.stringify({ item: workItemOf(worker, number) }),
  });
  await new Promise<void>((resolve, reject) => {
    const end = engine.onEvent((arn, event) => {
      if (arn !== executionArn) return;
      if (event.stateEnteredEventDetails?.name === 'Busy') {
        end();
        resolve();
      } else if (event.type === 'ExecutionFailed') {
        end();
        reject(new WorkerError('UnexpectedFault', `The lock of item ${number} could not be taken.`));
      }
    });
  });
};
