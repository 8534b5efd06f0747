import * as sfn from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import { createStatesApi, type StatesApi } from '../../../local/asl/states-api';
import { type Bench, createBench, home, roleArn } from './support/bench';
import { schemaFaults } from './support/check-schema';

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

const define = (value: unknown): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Pass', Output: value, End: true } } });
const waiting = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds: 9999, End: true } },
});
const machineArn = (name: string): string => `arn:aws:states:${home.region}:${home.accountId}:stateMachine:${name}`;
const runArn = (name: string, run: string): string =>
  `arn:aws:states:${home.region}:${home.accountId}:execution:${name}:${run}`;

describe('statesApi', () => {
  let bench: Bench;
  let api: StatesApi;
  let chance = 0.5;
  beforeEach(() => {
    bench = createBench({ chance: () => chance });
    api = createStatesApi(bench.engine);
  });
  afterEach(() => bench.close());

  /** Calls an operation and holds its answer to the schema of the SDK. */
  const call = async (operation: keyof typeof outputs, input: object): Promise<Answer> => {
    const answer = await api(operation, input);
    expect(schemaFaults(outputs[operation], answer), operation).to.deep.equal([]);
    return answer as Answer;
  };
  const refused = async (operation: string, input: object): Promise<string> => {
    try {
      await api(operation, input);
    } catch (error) {
      return (error as Error).name;
    }
    return 'nothing';
  };
  const create = (name: string, definition: string, more: object = {}) =>
    call('CreateStateMachine', { name, definition, roleArn, ...more });

  it('starts, describes and lists an execution and gives its history', async () => {
    await create('m', define({ done: true }));
    const started = await call('StartExecution', { stateMachineArn: machineArn('m'), name: 'r', input: '{ "a": 1 }' });
    expect(started).to.deep.equal({ executionArn: runArn('m', 'r'), startDate: new Date('2030-01-01T00:00:00Z') });
    expect(await call('DescribeExecution', { executionArn: runArn('m', 'r') })).to.include({
      status: 'RUNNING',
      redriveStatus: 'NOT_REDRIVABLE',
    });
    await bench.engine.waitForEnd(runArn('m', 'r'));
    expect(await call('DescribeExecution', { executionArn: runArn('m', 'r') })).to.deep.include({
      status: 'SUCCEEDED',
      input: '{ "a": 1 }',
      inputDetails: { included: true },
      output: '{"done":true}',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    const { events } = await call('GetExecutionHistory', { executionArn: runArn('m', 'r') });
    expect(events?.map(({ id }) => id)).to.deep.equal([1, 2, 3, 4]);
    const hidden = await call('GetExecutionHistory', { executionArn: runArn('m', 'r'), includeExecutionData: false });
    expect(JSON.stringify(hidden.events)).not.to.contain('done');
    const described = await call('DescribeStateMachineForExecution', { executionArn: runArn('m', 'r') });
    expect(described).to.include({ name: 'm', definition: define({ done: true }) });
  });

  it('pages through a history in both directions', async () => {
    await create('m', define(1));
    await call('StartExecution', { stateMachineArn: machineArn('m'), name: 'r' });
    await bench.engine.waitForEnd(runArn('m', 'r'));
    const ids: unknown[] = [];
    let nextToken: unknown;
    do {
      const page = await call('GetExecutionHistory', {
        executionArn: runArn('m', 'r'),
        maxResults: 3,
        reverseOrder: true,
        nextToken,
      });
      ids.push((page.events ?? []).map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(ids).to.deep.equal([[4, 3, 2], [1]]);
    expect(await refused('GetExecutionHistory', { executionArn: runArn('m', 'r'), nextToken: 'no' })).to.equal(
      'InvalidToken',
    );
  });

  it('starts once under a name and refuses another input or a name that has ended', async () => {
    await create('m', waiting);
    const start = { stateMachineArn: machineArn('m'), name: 'r', input: '{}' };
    const first = await call('StartExecution', start);
    expect(await call('StartExecution', start)).to.deep.equal(first);
    expect(await refused('StartExecution', { ...start, input: '{"a":1}' })).to.equal('ExecutionAlreadyExists');
    await call('StopExecution', { executionArn: runArn('m', 'r') });
    expect(await refused('StartExecution', start)).to.equal('ExecutionAlreadyExists');
  });

  it('filters lists by status, redrive, version and alias', async () => {
    await create('m', waiting, { publish: true });
    const version = `${machineArn('m')}:1`;
    await call('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: version, weight: 100 }],
    });
    for (const [index, arn] of [machineArn('m'), version, `${machineArn('m')}:live`].entries()) {
      await call('StartExecution', { stateMachineArn: arn, name: `r${index}` });
    }
    await call('StopExecution', { executionArn: runArn('m', 'r0'), error: 'E' });
    const names = async (filter: object) =>
      ((await call('ListExecutions', filter)).executions ?? []).map(({ name }) => name).sort();
    expect(await names({ stateMachineArn: machineArn('m') })).to.deep.equal(['r0', 'r1', 'r2']);
    expect(await names({ stateMachineArn: machineArn('m'), statusFilter: 'ABORTED' })).to.deep.equal(['r0']);
    expect(await names({ stateMachineArn: version })).to.deep.equal(['r1', 'r2']);
    expect(await names({ stateMachineArn: `${machineArn('m')}:live` })).to.deep.equal(['r2']);
    await call('RedriveExecution', { executionArn: runArn('m', 'r0') });
    expect(await names({ stateMachineArn: machineArn('m'), redriveFilter: 'REDRIVEN' })).to.deep.equal(['r0']);
    expect(await call('ListExecutions', { stateMachineArn: machineArn('m'), maxResults: 2 })).to.have.property(
      'nextToken',
    );
    for (const name of ['r0', 'r1', 'r2']) await call('StopExecution', { executionArn: runArn('m', name) });
  });

  it('keeps what a version is, chooses versions of an alias by weight and records both', async () => {
    await create('m', define('one'), { publish: true });
    const updated = await call('UpdateStateMachine', {
      stateMachineArn: machineArn('m'),
      definition: define('two'),
      publish: true,
    });
    expect(updated.stateMachineVersionArn).to.equal(`${machineArn('m')}:2`);
    await call('UpdateStateMachine', { stateMachineArn: machineArn('m'), definition: define('three') });
    const routes = [1, 2].map((version) => ({
      stateMachineVersionArn: `${machineArn('m')}:${version}`,
      weight: version === 1 ? 90 : 10,
    }));
    await call('CreateStateMachineAlias', { name: 'live', description: 'd', routingConfiguration: routes });
    const outcome = async (qualifier: string): Promise<unknown[]> => {
      const { executionArn } = await call('StartExecution', { stateMachineArn: `${machineArn('m')}${qualifier}` });
      const { output, stateMachineVersionArn, stateMachineAliasArn } = await bench.engine.waitForEnd(
        String(executionArn),
      );
      return [output, stateMachineVersionArn?.split(':').at(-1), stateMachineAliasArn?.split(':').at(-1)];
    };
    expect(await outcome('')).to.deep.equal(['"three"', undefined, undefined]);
    expect(await outcome(':1')).to.deep.equal(['"one"', '1', undefined]);
    chance = 0.89;
    expect(await outcome(':live')).to.deep.equal(['"one"', '1', 'live']);
    chance = 0.9;
    expect(await outcome(':live')).to.deep.equal(['"two"', '2', 'live']);
    await call('UpdateStateMachineAlias', {
      stateMachineAliasArn: `${machineArn('m')}:live`,
      routingConfiguration: [{ ...routes[1], weight: 100 }],
    });
    chance = 0;
    expect(await outcome(':live')).to.deep.equal(['"two"', '2', 'live']);
    expect(await call('DescribeStateMachineAlias', { stateMachineAliasArn: `${machineArn('m')}:live` })).to.include({
      name: 'live',
      description: 'd',
    });
    const { stateMachineVersions } = await call('ListStateMachineVersions', { stateMachineArn: machineArn('m') });
    expect(
      (stateMachineVersions as { stateMachineVersionArn: string }[]).map((version) =>
        version.stateMachineVersionArn.at(-1),
      ),
    ).to.deep.equal(['2', '1']);
    expect(await call('DescribeStateMachine', { stateMachineArn: `${machineArn('m')}:1` })).to.include({
      definition: define('one'),
    });
    expect(await call('ListStateMachineAliases', { stateMachineArn: machineArn('m') })).to.have.nested.property(
      'stateMachineAliases.length',
      1,
    );
    expect(await call('ListStateMachines', {})).to.have.nested.property('stateMachines[0].name', 'm');
    const again = createBench({ folder: bench.folder });
    expect(again.engine.machines.alias(`${machineArn('m')}:live`).routes).to.deep.equal([
      { ...routes[1], weight: 100 },
    ]);
  });

  it('publishes an unchanged revision once', async () => {
    await create('m', define(1));
    const first = await call('PublishStateMachineVersion', { stateMachineArn: machineArn('m'), description: 'd' });
    expect(await call('PublishStateMachineVersion', { stateMachineArn: machineArn('m') })).to.deep.equal(first);
  });

  it('describes map runs and lists their children', async () => {
    const processor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED' },
      StartAt: 'I',
      States: { I: { Type: 'Pass', End: true } },
    };
    const state = {
      Type: 'Map',
      Label: 'items',
      Items: [1, 2],
      MaxConcurrency: 1,
      ItemProcessor: processor,
      End: true,
    };
    const { execution } = await bench.run({ M: state });
    const { mapRuns } = await call('ListMapRuns', { executionArn: execution.executionArn });
    const mapRunArn = String(mapRuns?.[0]?.mapRunArn);
    const counts = {
      pending: 0,
      running: 0,
      succeeded: 2,
      failed: 0,
      timedOut: 0,
      aborted: 0,
      total: 2,
      resultsWritten: 2,
      failuresNotRedrivable: 0,
      pendingRedrive: 0,
    };
    expect(await call('DescribeMapRun', { mapRunArn })).to.deep.include({
      status: 'SUCCEEDED',
      maxConcurrency: 1,
      itemCounts: counts,
      executionCounts: counts,
    });
    const { executions } = await call('ListExecutions', { mapRunArn, maxResults: 1 });
    const [child] = executions ?? [];
    expect(child).to.deep.include({ mapRunArn, status: 'SUCCEEDED' });
    expect(await call('DescribeStateMachineForExecution', { executionArn: child?.executionArn })).to.include({
      mapRunArn,
      label: 'items',
    });
    expect(await call('DescribeExecution', { executionArn: child?.executionArn })).to.include({
      redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    });
    expect(await call('ListExecutions', { stateMachineArn: child?.stateMachineArn })).to.have.nested.property(
      'executions.length',
      2,
    );
    expect(await refused('RedriveExecution', { executionArn: child?.executionArn ?? '' })).to.equal(
      'ExecutionNotRedrivable',
    );
  });

  it('passes on the answers of tasks', async () => {
    for (const operation of ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat']) {
      expect(await refused(operation, { taskToken: 'gone', output: '1' }), operation).to.equal('TaskTimedOut');
    }
  });

  it('refuses with the exceptions of the service', async () => {
    await create('m', define(1), { publish: true });
    await call('StartExecution', { stateMachineArn: machineArn('m'), name: 'r' });
    await bench.engine.waitForEnd(runArn('m', 'r'));
    const version = { stateMachineVersionArn: `${machineArn('m')}:1`, weight: 100 };
    const cases: readonly (readonly [string, object, string])[] = [
      ['StartExecution', { stateMachineArn: machineArn('no') }, 'StateMachineDoesNotExist'],
      ['StartExecution', { stateMachineArn: `${machineArn('m')}:7` }, 'StateMachineDoesNotExist'],
      ['StartExecution', { stateMachineArn: `${machineArn('m')}:no` }, 'StateMachineDoesNotExist'],
      ['StartExecution', { stateMachineArn: 'm' }, 'InvalidArn'],
      ['StartExecution', { stateMachineArn: machineArn('m'), name: 'a b' }, 'InvalidName'],
      ['StartExecution', { stateMachineArn: machineArn('m'), name: 'x'.repeat(81) }, 'InvalidName'],
      ['StartExecution', { stateMachineArn: machineArn('m'), input: '{' }, 'InvalidExecutionInput'],
      [
        'StartExecution',
        { stateMachineArn: machineArn('m'), input: JSON.stringify('x'.repeat(262_144)) },
        'ValidationException',
      ],
      ['StartExecution', {}, 'ValidationException'],
      ['DescribeExecution', { executionArn: runArn('m', 'no') }, 'ExecutionDoesNotExist'],
      ['DescribeExecution', { executionArn: machineArn('m') }, 'InvalidArn'],
      ['StopExecution', { executionArn: runArn('m', 'no') }, 'ExecutionDoesNotExist'],
      ['RedriveExecution', { executionArn: runArn('m', 'r') }, 'ExecutionNotRedrivable'],
      ['ListExecutions', {}, 'ValidationException'],
      ['ListExecutions', { stateMachineArn: machineArn('no') }, 'StateMachineDoesNotExist'],
      ['DescribeMapRun', { mapRunArn: `arn:aws:states:eu-west-1:123456789012:mapRun:m/l:x` }, 'ResourceNotFound'],
      ['DescribeStateMachine', { stateMachineArn: machineArn('no') }, 'StateMachineDoesNotExist'],
      ['CreateStateMachine', { name: 'm', definition: define(2), roleArn }, 'StateMachineAlreadyExists'],
      ['CreateStateMachine', { name: 'n', definition: '{}', roleArn }, 'InvalidDefinition'],
      ['CreateStateMachine', { name: 'n/n', definition: define(1), roleArn }, 'InvalidName'],
      ['UpdateStateMachine', { stateMachineArn: machineArn('m'), definition: '[]' }, 'InvalidDefinition'],
      ['CreateStateMachineAlias', { name: 'a', routingConfiguration: [] }, 'ValidationException'],
      ['CreateStateMachineAlias', { name: '1', routingConfiguration: [version] }, 'ValidationException'],
      [
        'CreateStateMachineAlias',
        { name: 'a', routingConfiguration: [{ ...version, weight: 99 }] },
        'ValidationException',
      ],
      [
        'CreateStateMachineAlias',
        {
          name: 'a',
          routingConfiguration: [
            { ...version, weight: 50 },
            { ...version, weight: 50 },
          ],
        },
        'ValidationException',
      ],
      [
        'CreateStateMachineAlias',
        { name: 'a', routingConfiguration: [{ ...version, stateMachineVersionArn: machineArn('m') }] },
        'ValidationException',
      ],
      ['DescribeStateMachineAlias', { stateMachineAliasArn: `${machineArn('m')}:no` }, 'ResourceNotFound'],
      ['DeleteEverything', {}, 'UnknownOperationException'],
    ];
    for (const [operation, input, name] of cases) {
      expect(await refused(operation, input), `${operation} ${JSON.stringify(input).slice(0, 100)}`).to.equal(name);
    }
    await call('CreateStateMachineAlias', { name: 'a', routingConfiguration: [version] });
    await call('CreateStateMachineAlias', { name: 'a', routingConfiguration: [version] });
    expect(
      await refused('CreateStateMachineAlias', { name: 'a', description: 'other', routingConfiguration: [version] }),
    ).to.equal('ConflictException');
  });
});
