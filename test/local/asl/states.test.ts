import { expect } from 'chai';
import { type Bench, createBench } from './support/bench';
import { type Case, choice, echo, inline, last, pass, task } from './support/state-shapes';

const outputs: readonly Case[] = [
  { title: 'hands the input on', states: { S: pass() }, input: { a: [1] }, output: { a: [1] } },
  {
    title: 'evaluates expressions in a template and leaves other strings',
    states: { S: pass({ a: '{% $states.input.x + 1 %}', b: ['{% "c" %}', ' {% 1 %}', '$states.input'] }) },
    input: { x: 1 },
    output: { a: 2, b: ['c', ' {% 1 %}', '$states.input'] },
  },
  {
    title: 'keeps null, false, 0 and empty text',
    states: { S: pass([null, false, 0, '', {}]) },
    output: [null, false, 0, '', {}],
  },
  {
    title: 'evaluates one Assign with the values from before',
    states: {
      A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% $x %}', Next: 'C' },
      C: pass(['{% $x %}', '{% $y %}', '{% $states.input %}']),
    },
    output: [2, 1, 1],
  },
  {
    title: 'takes a rule with its Assign and Output',
    states: choice('{% $states.input.n > 1 %}'),
    input: { n: 2 },
    output: ['yes', 'rule', 'rule'],
  },
  {
    title: 'takes the Default with the Assign of the state',
    states: choice('{% $states.input.n > 1 %}'),
    input: { n: 1 },
    output: ['no', 'default'],
  },
  {
    title: 'waits until a time that has passed',
    states: { W: { Type: 'Wait', Timestamp: '2001-01-01T00:00:00Z', ...last } },
    output: {},
  },
  {
    title: 'gives Succeed an Output',
    states: { S: { Type: 'Succeed', Output: { done: '{% true %}' } } },
    output: { done: true },
  },
  {
    title: 'gives a task its input without Arguments',
    states: { T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...last } },
    input: { i: 1 },
    output: { i: 1 },
  },
  {
    title: 'shows the result to Assign and Output of a task',
    states: {
      T: task(
        { n: 7 },
        { Assign: { n: '{% $states.result.n %}' }, Output: '{% $states.result.n * 2 %}', End: undefined, Next: 'S' },
      ),
      S: pass(['{% $n %}', '{% $states.input %}']),
    },
    output: [7, 14],
  },
  {
    title: 'catches with Assign and Output',
    states: {
      T: task(
        { fail: 'E' },
        {
          Catch: [
            {
              ErrorEquals: ['E'],
              Assign: { e: '{% $states.errorOutput.Error %}' },
              Output: { c: '{% $states.errorOutput.Cause %}', i: '{% $states.input.a %}' },
              Next: 'S',
            },
          ],
        },
      ),
      S: pass(['{% $e %}', '{% $states.input %}']),
    },
    input: { a: 1 },
    output: ['E', { c: 'asked', i: 1 }],
  },
  {
    title: 'catches States.TaskFailed',
    states: { T: task({ fail: 'E' }, { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'S' }] }), S: pass() },
    output: { Error: 'E', Cause: 'asked' },
  },
  {
    title: 'catches an expression that fails',
    states: {
      T: task('{% $states.input.no %}', { Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'S' }] }),
      S: pass('{% $states.input.Error %}'),
    },
    output: 'States.QueryEvaluationError',
  },
  {
    title: 'runs branches on the Arguments of a Parallel',
    states: {
      P: {
        Type: 'Parallel',
        Arguments: { n: 1 },
        Branches: [
          { StartAt: 'A', States: { A: pass('{% $states.input.n %}') } },
          { StartAt: 'B', States: { B: pass('b') } },
        ],
        Output: '{% $states.result %}',
        ...last,
      },
    },
    output: [1, 'b'],
  },
  {
    title: 'lets branches see outer variables and keeps theirs inside',
    states: {
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'B',
            States: { B: { Type: 'Pass', Assign: { inner: 2 }, Next: 'C' }, C: pass(['{% $x %}', '{% $inner %}']) },
          },
        ],
        Next: 'D',
      },
      D: pass(['{% $states.input %}', '{% $exists($inner) %}']),
    },
    output: [[[1, 2]], false],
  },
  {
    title: 'maps over Items with ItemSelector and the context',
    states: {
      M: inline(
        {
          I: pass([
            '{% $states.input %}',
            '{% $states.context.Map.Item.Index %}',
            '{% $states.context.Map.Item.Value %}',
          ]),
        },
        {
          Items: '{% $states.input.list %}',
          ItemSelector: { v: '{% $states.context.Map.Item.Value %}', all: '{% $count($states.input.list) %}' },
        },
      ),
    },
    input: { list: ['a', 'b'] },
    output: [
      [{ v: 'a', all: 2 }, 0, 'a'],
      [{ v: 'b', all: 2 }, 1, 'b'],
    ],
  },
  {
    title: 'maps over its input and over an object',
    states: { M: inline({ I: pass('{% $states.input.Value %}') }) },
    input: { k: 1, l: 2 },
    output: [1, 2],
  },
  {
    title: 'lets iterations see outer variables',
    states: {
      A: { Type: 'Pass', Assign: { x: 5 }, Next: 'M' },
      M: inline({ I: pass('{% $x + $states.input %}') }, { Items: [1, 2], MaxConcurrency: '{% 1 %}' }),
    },
    output: [6, 7],
  },
  {
    title: 'catches what an iteration fails with',
    states: {
      M: inline({ I: task({ fail: 'E' }) }, { Items: [1], Catch: [{ ErrorEquals: ['E'], Next: 'S' }] }),
      S: pass('{% $states.input.Error %}'),
    },
    output: 'E',
  },
  {
    title: 'gives the whole context',
    states: { S: task('{% $states.context %}') },
    input: { a: 1 },
    output: {
      Execution: {
        Id: 'arn:aws:states:eu-west-1:123456789012:execution:machine-1:run',
        Input: { a: 1 },
        StartTime: '2030-01-01T00:00:00.000Z',
        Name: 'run',
        RoleArn: 'arn:aws:iam::123456789012:role/states',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine-1', Name: 'machine-1' },
      State: { Name: 'S', EnteredTime: '2030-01-01T00:00:00.000Z', RetryCount: 0 },
    },
  },
];

describe('states', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench({ integrations: echo });
  });
  afterEach(() => bench.close());

  for (const { title, states, input, output } of outputs) {
    it(`succeed: ${title}`, async () => {
      const { execution } = await bench.run(states, input);
      expect(execution.cause).to.equal(undefined);
      expect(JSON.parse(execution.output ?? 'null')).to.deep.equal(output);
    });
  }

  it('wait an hour in no time', async () => {
    const { execution } = await bench.run({ W: { Type: 'Wait', Seconds: '{% 60 * 60 %}', ...last } });
    expect(Date.parse(execution.stopDate ?? '') - Date.parse(execution.startDate)).to.equal(3_600_000);
  });

  it('wait until a time', async () => {
    const { execution } = await bench.run({ W: { Type: 'Wait', Timestamp: '2030-01-02T00:00:00+00:00', ...last } });
    expect(execution.stopDate).to.equal('2030-01-02T00:00:00.000Z');
  });

  it('refuse a Timestamp that is none', async () => {
    const { execution } = await bench.run({ W: { Type: 'Wait', Timestamp: '{% "soon" %}', ...last } });
    expect(execution.error).to.equal('States.Runtime');
  });
});
