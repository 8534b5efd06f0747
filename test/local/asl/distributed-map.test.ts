import { expect } from 'chai';
import { TaskFailure } from '../../../local/asl/failures';
import { isThresholdExceeded } from '../../../local/asl/map-runs';
import type { Integrations } from '../../../local/asl/strand';
import { type Bench, chain, createBench } from './support/bench';

const items = [1, 2, 3, 4];
const map = (state: object, more: object = {}) => ({
  M: {
    Type: 'Map',
    Label: 'items',
    Items: items,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'T',
      States: { T: { End: true, ...state } },
    },
    End: true,
    ...more,
  },
});
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };

describe('distributed Map', () => {
  let bench: Bench;
  let atOnce = 0;
  let most = 0;
  const integrations: Integrations = async ({ arguments: given, signal }) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await bench.clock.sleep(1000, signal).finally(() => {
      atOnce -= 1;
    });
    if (given === 2) throw new TaskFailure('E', 'two');
    return given;
  };
  const children = () => bench.engine.executions().filter(({ mapRunArn }) => mapRunArn !== undefined);
  beforeEach(() => {
    atOnce = 0;
    most = 0;
    bench = createBench({ integrations });
  });
  afterEach(() => bench.close());

  it('runs each item as an execution of its own, with own history and context', async () => {
    const { execution } = await bench.run(map({ Type: 'Pass', Output: '{% $states.context %}' }));
    const [child] = children().filter(({ input }) => input === '1');
    expect(child?.executionArn).to.match(
      /^arn:aws:states:eu-west-1:123456789012:execution:machine-1\/items:[0-9a-f-]{36}$/,
    );
    expect(child?.mapRunArn).to.match(/^arn:aws:states:eu-west-1:123456789012:mapRun:machine-1\/items:[0-9a-f-]{36}$/);
    expect(chain(bench.engine.history(child?.executionArn ?? ''))).to.deep.equal([
      '1 ExecutionStarted <0',
      '2 PassStateEntered <0',
      '3 PassStateExited <2',
      '4 ExecutionSucceeded <3',
    ]);
    const [first] = JSON.parse(execution.output ?? '');
    expect(first.Execution).to.include({ Id: child?.executionArn, Input: 1 });
    expect(first.StateMachine).to.deep.equal({
      Id: 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine-1/items',
      Name: 'machine-1/items',
    });
    expect(first).not.to.have.property('Map');
  });

  it('leaves failed items out of the result within the tolerance', async () => {
    const { execution } = await bench.run(map(task, { ToleratedFailurePercentage: '{% 100 %}' }));
    expect(execution.output).to.equal('[1,3,4]');
    expect(children().filter(({ status }) => status === 'FAILED')).to.have.length(1);
  });

  it('fails beyond the tolerance and aborts the children that still run', async () => {
    const { execution } = await bench.run(map(task, { MaxConcurrency: 3 }));
    expect(execution.status).to.equal('FAILED');
    expect(execution.error).to.equal('States.ExceedToleratedFailureThreshold');
    expect(bench.engine.mapRuns()[0]?.status).to.equal('FAILED');
  });

  it('runs at most MaxConcurrency children at once', async () => {
    await bench.run(map(task, { MaxConcurrency: 2, ToleratedFailureCount: 4 }));
    expect(most).to.equal(2);
    expect(children()).to.have.length(4);
  });

  it('hides the variables of the parent from the children', async () => {
    const { M } = map({ Type: 'Pass', Output: '{% $exists($x) %}' });
    const { execution } = await bench.run({ A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' }, M });
    expect(execution.output).to.equal('[false,false,false,false]');
  });

  it('hands in what ItemSelector makes', async () => {
    const selector = { n: '{% $states.context.Map.Item.Value %}', of: '{% $states.input.all %}' };
    const { execution } = await bench.run(map({ Type: 'Pass' }, { ItemSelector: selector }), { all: 4 });
    expect(JSON.parse(execution.output ?? '')[3]).to.deep.equal({ n: 4, of: 4 });
  });

  it('gives an empty result without items', async () => {
    const { execution } = await bench.run(map(task, { Items: [] }));
    expect(execution.output).to.equal('[]');
  });

  it('ends with its parent', async () => {
    const stateMachineArn = bench.machine(map({ Type: 'Wait', Seconds: 3600 }), { TimeoutSeconds: 10 });
    const { executionArn } = bench.engine.startExecution({ stateMachineArn, name: 'run' });
    const execution = await bench.engine.waitForEnd(executionArn);
    expect(execution.status).to.equal('TIMED_OUT');
    expect(children().map(({ status }) => status)).to.deep.equal(['ABORTED', 'ABORTED', 'ABORTED', 'ABORTED']);
    expect(bench.engine.mapRuns()[0]?.status).to.equal('ABORTED');
  });
});

describe('isThresholdExceeded', () => {
  const cases: readonly (readonly [number, number | undefined, number | undefined, boolean])[] = [
    [0, undefined, undefined, false],
    [1, undefined, undefined, true],
    [1, 1, undefined, false],
    [2, 1, undefined, true],
    [5, undefined, 50, false],
    [6, undefined, 50, true],
    [10, undefined, 100, false],
    [2, 1, 100, true],
    [6, 10, 50, true],
  ];
  for (const [failed, toleratedFailureCount, toleratedFailurePercentage, expected] of cases) {
    it(`says ${expected} for ${failed} of 10 with count ${toleratedFailureCount} and percentage ${toleratedFailurePercentage}`, () => {
      expect(isThresholdExceeded(failed, 10, { toleratedFailureCount, toleratedFailurePercentage })).to.equal(expected);
    });
  }
});
