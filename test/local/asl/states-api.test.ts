import { expect } from 'chai';
import { createApiBench, define, machineArn, runArn, waiting } from './support/api-bench';
import { createBench } from './support/bench';

describe('statesApi', () => {
  let bench: ReturnType<typeof createApiBench>;
  beforeEach(() => {
    bench = createApiBench();
  });
  afterEach(() => bench.close());

  it('starts, describes and lists an execution and gives its history', async () => {
    await bench.create('m', define({ done: true }));
    const started = await bench.call('StartExecution', {
      stateMachineArn: machineArn('m'),
      name: 'r',
      input: '{ "a": 1 }',
    });
    expect(started).to.deep.equal({ executionArn: runArn('m', 'r'), startDate: new Date('2030-01-01T00:00:00Z') });
    expect(await bench.call('DescribeExecution', { executionArn: runArn('m', 'r') })).to.include({
      status: 'RUNNING',
      redriveStatus: 'NOT_REDRIVABLE',
    });
    await bench.engine.waitForEnd(runArn('m', 'r'));
    expect(await bench.call('DescribeExecution', { executionArn: runArn('m', 'r') })).to.deep.include({
      status: 'SUCCEEDED',
      input: '{ "a": 1 }',
      inputDetails: { included: true },
      output: '{"done":true}',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    const { events } = await bench.call('GetExecutionHistory', { executionArn: runArn('m', 'r') });
    expect(events?.map(({ id }) => id)).to.deep.equal([1, 2, 3, 4]);
    const hidden = await bench.call('GetExecutionHistory', {
      executionArn: runArn('m', 'r'),
      includeExecutionData: false,
    });
    expect(JSON.stringify(hidden.events)).not.to.contain('done');
    const described = await bench.call('DescribeStateMachineForExecution', { executionArn: runArn('m', 'r') });
    expect(described).to.include({ name: 'm', definition: define({ done: true }) });
  });

  it('pages through a history in both directions', async () => {
    await bench.create('m', define(1));
    await bench.call('StartExecution', { stateMachineArn: machineArn('m'), name: 'r' });
    await bench.engine.waitForEnd(runArn('m', 'r'));
    const ids: unknown[] = [];
    let nextToken: unknown;
    do {
      const page = await bench.call('GetExecutionHistory', {
        executionArn: runArn('m', 'r'),
        maxResults: 3,
        reverseOrder: true,
        nextToken,
      });
      ids.push((page.events ?? []).map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(ids).to.deep.equal([[4, 3, 2], [1]]);
    expect(await bench.refused('GetExecutionHistory', { executionArn: runArn('m', 'r'), nextToken: 'no' })).to.equal(
      'InvalidToken',
    );
  });

  it('starts once under a name and refuses another input or a name that has ended', async () => {
    await bench.create('m', waiting);
    const start = { stateMachineArn: machineArn('m'), name: 'r', input: '{}' };
    const first = await bench.call('StartExecution', start);
    expect(await bench.call('StartExecution', start)).to.deep.equal(first);
    expect(await bench.refused('StartExecution', { ...start, input: '{"a":1}' })).to.equal('ExecutionAlreadyExists');
    await bench.call('StopExecution', { executionArn: runArn('m', 'r') });
    expect(await bench.refused('StartExecution', start)).to.equal('ExecutionAlreadyExists');
  });

  it('filters lists by status, redrive, version and alias', async () => {
    await bench.create('m', waiting, { publish: true });
    const version = `${machineArn('m')}:1`;
    await bench.call('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: version, weight: 100 }],
    });
    for (const [index, arn] of [machineArn('m'), version, `${machineArn('m')}:live`].entries()) {
      await bench.call('StartExecution', { stateMachineArn: arn, name: `r${index}` });
    }
    await bench.call('StopExecution', { executionArn: runArn('m', 'r0'), error: 'E' });
    const names = async (filter: object) =>
      ((await bench.call('ListExecutions', filter)).executions ?? []).map(({ name }) => name).sort();
    expect(await names({ stateMachineArn: machineArn('m') })).to.deep.equal(['r0', 'r1', 'r2']);
    expect(await names({ stateMachineArn: machineArn('m'), statusFilter: 'ABORTED' })).to.deep.equal(['r0']);
    expect(await names({ stateMachineArn: version })).to.deep.equal(['r1', 'r2']);
    expect(await names({ stateMachineArn: `${machineArn('m')}:live` })).to.deep.equal(['r2']);
    await bench.call('RedriveExecution', { executionArn: runArn('m', 'r0') });
    expect(await names({ stateMachineArn: machineArn('m'), redriveFilter: 'REDRIVEN' })).to.deep.equal(['r0']);
    expect(await bench.call('ListExecutions', { stateMachineArn: machineArn('m'), maxResults: 2 })).to.have.property(
      'nextToken',
    );
    for (const name of ['r0', 'r1', 'r2']) await bench.call('StopExecution', { executionArn: runArn('m', name) });
  });

  it('keeps what a version is, chooses versions of an alias by weight and records both', async () => {
    await bench.create('m', define('one'), { publish: true });
    const updated = await bench.call('UpdateStateMachine', {
      stateMachineArn: machineArn('m'),
      definition: define('two'),
      publish: true,
    });
    expect(updated.stateMachineVersionArn).to.equal(`${machineArn('m')}:2`);
    await bench.call('UpdateStateMachine', { stateMachineArn: machineArn('m'), definition: define('three') });
    const routes = [1, 2].map((version) => ({
      stateMachineVersionArn: `${machineArn('m')}:${version}`,
      weight: version === 1 ? 90 : 10,
    }));
    await bench.call('CreateStateMachineAlias', { name: 'live', description: 'd', routingConfiguration: routes });
    const outcome = async (qualifier: string): Promise<unknown[]> => {
      const { executionArn } = await bench.call('StartExecution', {
        stateMachineArn: `${machineArn('m')}${qualifier}`,
      });
      const { output, stateMachineVersionArn, stateMachineAliasArn } = await bench.engine.waitForEnd(
        String(executionArn),
      );
      return [output, stateMachineVersionArn?.split(':').at(-1), stateMachineAliasArn?.split(':').at(-1)];
    };
    expect(await outcome('')).to.deep.equal(['"three"', undefined, undefined]);
    expect(await outcome(':1')).to.deep.equal(['"one"', '1', undefined]);
    bench.luck.chance = 0.89;
    expect(await outcome(':live')).to.deep.equal(['"one"', '1', 'live']);
    bench.luck.chance = 0.9;
    expect(await outcome(':live')).to.deep.equal(['"two"', '2', 'live']);
    await bench.call('UpdateStateMachineAlias', {
      stateMachineAliasArn: `${machineArn('m')}:live`,
      routingConfiguration: [{ ...routes[1], weight: 100 }],
    });
    bench.luck.chance = 0;
    expect(await outcome(':live')).to.deep.equal(['"two"', '2', 'live']);
    expect(
      await bench.call('DescribeStateMachineAlias', { stateMachineAliasArn: `${machineArn('m')}:live` }),
    ).to.include({
      name: 'live',
      description: 'd',
    });
    const { stateMachineVersions } = await bench.call('ListStateMachineVersions', { stateMachineArn: machineArn('m') });
    expect(
      (stateMachineVersions as { stateMachineVersionArn: string }[]).map((version) =>
        version.stateMachineVersionArn.at(-1),
      ),
    ).to.deep.equal(['2', '1']);
    expect(await bench.call('DescribeStateMachine', { stateMachineArn: `${machineArn('m')}:1` })).to.include({
      definition: define('one'),
    });
    expect(await bench.call('ListStateMachineAliases', { stateMachineArn: machineArn('m') })).to.have.nested.property(
      'stateMachineAliases.length',
      1,
    );
    expect(await bench.call('ListStateMachines', {})).to.have.nested.property('stateMachines[0].name', 'm');
    const again = createBench({ folder: bench.folder });
    expect(again.engine.machines.alias(`${machineArn('m')}:live`).routes).to.deep.equal([
      { ...routes[1], weight: 100 },
    ]);
  });

  it('publishes an unchanged revision once', async () => {
    await bench.create('m', define(1));
    const first = await bench.call('PublishStateMachineVersion', {
      stateMachineArn: machineArn('m'),
      description: 'd',
    });
    expect(await bench.call('PublishStateMachineVersion', { stateMachineArn: machineArn('m') })).to.deep.equal(first);
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
    const { mapRuns } = await bench.call('ListMapRuns', { executionArn: execution.executionArn });
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
    expect(await bench.call('DescribeMapRun', { mapRunArn })).to.deep.include({
      status: 'SUCCEEDED',
      maxConcurrency: 1,
      itemCounts: counts,
      executionCounts: counts,
    });
    const { executions } = await bench.call('ListExecutions', { mapRunArn, maxResults: 1 });
    const [child] = executions ?? [];
    expect(child).to.deep.include({ mapRunArn, status: 'SUCCEEDED' });
    expect(await bench.call('DescribeStateMachineForExecution', { executionArn: child?.executionArn })).to.include({
      mapRunArn,
      label: 'items',
    });
    expect(await bench.call('DescribeExecution', { executionArn: child?.executionArn })).to.include({
      redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    });
    expect(await bench.call('ListExecutions', { stateMachineArn: child?.stateMachineArn })).to.have.nested.property(
      'executions.length',
      2,
    );
    expect(await bench.refused('RedriveExecution', { executionArn: child?.executionArn ?? '' })).to.equal(
      'ExecutionNotRedrivable',
    );
  });

  it('passes on the answers of tasks', async () => {
    for (const operation of ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat']) {
      expect(await bench.refused(operation, { taskToken: 'gone', output: '1' }), operation).to.equal('TaskTimedOut');
    }
  });
});
