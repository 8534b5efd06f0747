import { expect } from 'chai';
import { createApiBench, define, machineArn, runArn } from './support/api-bench';
import { roleArn } from './support/bench';

describe('statesApi', () => {
  let bench: ReturnType<typeof createApiBench>;
  beforeEach(() => {
    bench = createApiBench();
  });
  afterEach(() => bench.close());

  it('refuses with the exceptions of the service', async () => {
    await bench.create('m', define(1), { publish: true });
    await bench.call('StartExecution', { stateMachineArn: machineArn('m'), name: 'r' });
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
      expect(await bench.refused(operation, input), `${operation} ${JSON.stringify(input).slice(0, 100)}`).to.equal(
        name,
      );
    }
    await bench.call('CreateStateMachineAlias', { name: 'a', routingConfiguration: [version] });
    await bench.call('CreateStateMachineAlias', { name: 'a', routingConfiguration: [version] });
    expect(
      await bench.refused('CreateStateMachineAlias', {
        name: 'a',
        description: 'other',
        routingConfiguration: [version],
      }),
    ).to.equal('ConflictException');
  });
});
