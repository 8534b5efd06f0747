import * as sfn from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import { createStatesApi } from '../../../../local/asl/states-api';
import { createBench, home, roleArn } from './bench';
import { schemaFaults } from './check-schema';

const outputs = {
  StartExecution: sfn.StartExecutionOutput$,
  DescribeExecution: sfn.DescribeExecutionOutput$,
  ListExecutions: sfn.ListExecutionsOutput$,
  GetExecutionHistory: sfn.GetExecutionHistoryOutput$,
  StopExecution: sfn.StopExecutionOutput$,
  RedriveExecution: sfn.RedriveExecutionOutput$,
  CreateStateMachine: sfn.CreateStateMachineOutput$,
  UpdateStateMachine: sfn.UpdateStateMachineOutput$,
  PublishStateMachineVersion: sfn.PublishStateMachineVersionOutput$,
  DescribeStateMachine: sfn.DescribeStateMachineOutput$,
  DescribeStateMachineForExecution: sfn.DescribeStateMachineForExecutionOutput$,
  ListStateMachines: sfn.ListStateMachinesOutput$,
  ListStateMachineVersions: sfn.ListStateMachineVersionsOutput$,
  CreateStateMachineAlias: sfn.CreateStateMachineAliasOutput$,
  UpdateStateMachineAlias: sfn.UpdateStateMachineAliasOutput$,
  DescribeStateMachineAlias: sfn.DescribeStateMachineAliasOutput$,
  ListStateMachineAliases: sfn.ListStateMachineAliasesOutput$,
  ListMapRuns: sfn.ListMapRunsOutput$,
  DescribeMapRun: sfn.DescribeMapRunOutput$,
  SendTaskSuccess: sfn.SendTaskSuccessOutput$,
  SendTaskFailure: sfn.SendTaskFailureOutput$,
  SendTaskHeartbeat: sfn.SendTaskHeartbeatOutput$,
} as const;

type Answer = Record<string, unknown> & Partial<Record<'events' | 'executions' | 'mapRuns', Record<string, unknown>[]>>;

export const define = (value: unknown): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', Output: value, End: true } } });
export const waiting = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 9999, End: true } },
});
export const machineArn = (name: string): string =>
  `arn:aws:states:${home.region}:${home.accountId}:stateMachine:${name}`;
export const runArn = (name: string, run: string): string =>
  `arn:aws:states:${home.region}:${home.accountId}:execution:${name}:${run}`;

/** An engine behind its API, whose every answer is held to the schema of the SDK. */
export const createApiBench = () => {
  const luck = { chance: 0.5 };
  const bench = createBench({ chance: () => luck.chance });
  const api = createStatesApi(bench.engine);
  const call = async (operation: keyof typeof outputs, input: object): Promise<Answer> => {
    const answer = await api(operation, input);
    expect(schemaFaults(outputs[operation], answer), operation).to.deep.equal([]);
    return answer as Answer;
  };
  return {
    ...bench,
    luck,
    api,
    call,
    /** The name of the exception that an operation is refused with. */
    refused: async (operation: string, input: object): Promise<string> => {
      try {
        await api(operation, input);
      } catch (error) {
        return (error as Error).name;
      }
      return 'nothing';
    },
    create: (name: string, definition: string, more: object = {}) =>
      call('CreateStateMachine', { name, definition, roleArn, ...more }),
  };
};
