import { expect } from 'chai';
import { TaskFailure } from '../../../local/asl/failures';
import type { Integrations } from '../../../local/asl/strand';
import { type Bench, createBench } from './support/bench';

const integrations: Integrations = async ({ arguments: given }) => {
  const { fail } = (given ?? {}) as { fail?: string };
  if (fail) throw new TaskFailure(fail, 'asked');
  return given;
};

const last = { End: true };
const pass = (Output?: unknown, more: object = {}) => ({
  Type: 'Pass',
  ...(Output === undefined ? {} : { Output }),
  ...last,
  ...more,
});
const task = (given: unknown, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: given,
  ...last,
  ...more,
});
const value = (expression: string) => ({ S: pass(`{% ${expression} %}`) });
const choice = (condition: string) => ({
  C: {
    Type: 'Choice',
    Choices: [{ Condition: condition, Next: 'Yes', Assign: { from: 'rule' }, Output: 'rule' }],
    Default: 'No',
    Assign: { from: 'default' },
  },
  Yes: pass(['yes', '{% $from %}', '{% $states.input %}']),
  No: pass(['no', '{% $from %}']),
});
const inline = (states: object, more: object = {}) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'I', States: states },
  ...last,
  ...more,
});

type Case = {
  readonly title: string;
  readonly states: object;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: RegExp | string;
};

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
  { title: '$partition', states: value('$partition([1,2,3,4,5], 2)'), output: [[1, 2], [3, 4], [5]] },
  { title: '$partition without a size', states: value('$partition([1,2])'), output: [[1, 2]] },
  { title: '$range', states: value('$range(0, 10, 5)'), output: [0, 5, 10] },
  { title: '$range downwards', states: value('$range(3, 1, -1)'), output: [3, 2, 1] },
  { title: '$range of one number', states: value('$range(3, 3, 1)'), output: 3 },
  {
    title: '$hash',
    states: value("$hash('Hello', 'SHA-256')"),
    output: '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',
  },
  { title: '$random', states: value('$random()'), output: 0.5 },
  {
    title: '$random with a seed, twice the same',
    states: value('$random(7) = $random(7) and $random(7) != $random(8)'),
    output: true,
  },
  { title: '$uuid', states: value('$uuid()'), output: '00000000-0000-4000-8000-000000000002' },
  { title: '$parse', states: value('$parse(\'{"a":[1]}\').a[0]'), output: 1 },
  { title: '$millis on the clock', states: value('$millis()'), output: Date.parse('2030-01-01T00:00:00.000Z') },
];

const failures: readonly Case[] = [
  { title: 'Fail with literals', states: { F: { Type: 'Fail', Error: 'E', Cause: 'c' } }, error: 'E', cause: 'c' },
  {
    title: 'Fail with expressions',
    states: { F: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: '{% "c" & 1 %}' } },
    input: { e: 'X' },
    error: 'X',
    cause: 'c1',
  },
  { title: 'Fail without either', states: { F: { Type: 'Fail' } } },
  {
    title: 'a Fail whose Error is no text',
    states: { F: { Type: 'Fail', Error: '{% 1 %}' } },
    error: 'States.QueryEvaluationError',
    cause: /Expected 'string', but was 'number' for value: 1/,
  },
  {
    title: 'a Condition that is no boolean',
    states: choice('{% 1 %}'),
    error: 'States.QueryEvaluationError',
    cause: /field 'Choices\[0\]\/Condition' returned an unexpected result type/,
  },
  {
    title: 'a Choice without a match',
    states: { C: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'S' }] }, S: pass() },
    error: 'States.Runtime',
    cause:
      "An error occurred while executing the state 'C' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
  },
  {
    title: 'an expression that throws',
    states: value('$sum("a")'),
    error: 'States.QueryEvaluationError',
    cause: /specified for the field 'Output' threw an error during evaluation\. T0412: /,
  },
  { title: '$eval', states: value('$eval("1+1")'), error: 'States.QueryEvaluationError', cause: /T1006/ },
  {
    title: '$parse of what is not JSON',
    states: value("$parse('no')"),
    error: 'States.QueryEvaluationError',
    cause: /D3137/,
  },
  {
    title: '$hash with an unknown algorithm',
    states: value("$hash('a', 'md5')"),
    error: 'States.QueryEvaluationError',
    cause: /D3137/,
  },
  {
    title: '$partition with a negative size',
    states: value('$partition([1], -1)'),
    error: 'States.QueryEvaluationError',
    cause: /D3137: Second argument must be zero or greater/,
  },
  {
    title: 'a $range that is too long',
    states: value('$range(1, 9999999, 1)'),
    error: 'States.QueryEvaluationError',
    cause: /D3137/,
  },
  {
    title: '$range the wrong way',
    states: value('$range(1, 0, 1)'),
    error: 'States.QueryEvaluationError',
    cause: /returned nothing/,
  },
  {
    title: '$partition of nothing',
    states: value('$partition([], 1)'),
    error: 'States.QueryEvaluationError',
    cause: /returned nothing/,
  },
  {
    title: '$hash of nothing',
    states: value('$hash($states.input.no, "MD5")'),
    error: 'States.QueryEvaluationError',
    cause: /returned nothing/,
  },
  {
    title: 'a Wait for a negative time',
    states: { W: { Type: 'Wait', Seconds: '{% -1 %}', ...last } },
    error: 'States.QueryEvaluationError',
    cause: /whole number/,
  },
  {
    title: 'Items that are no list',
    states: { M: inline({ I: pass() }, { Items: '{% 1 %}' }) },
    error: 'States.QueryEvaluationError',
    cause: /field 'Items' returned an unexpected result type\. Expected 'array', but was 'number'/,
  },
  {
    title: 'a negative MaxConcurrency',
    states: { M: inline({ I: pass() }, { Items: [1], MaxConcurrency: '{% -1 %}' }) },
    error: 'States.Runtime',
    cause: /MaxConcurrency cannot be negative\./,
  },
  {
    title: 'an output over 256 KiB, which States.ALL does not catch',
    states: {
      M: inline(
        { I: pass('{% $join($range(1, 60000, 1).$string(1000000)) %}') },
        { Items: [1], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] },
      ),
      S: pass(),
    },
    error: 'States.DataLimitExceeded',
  },
  {
    title: 'a task result over 256 KiB',
    states: { T: task('{% {"big": $join($range(1, 60000, 1).$string(1000000))} %}') },
    error: 'States.DataLimitExceeded',
    cause: /^The state\/task 'lambda' returned a result/,
  },
  {
    title: 'a task that throws any error',
    states: { T: task({ fail: 'Lambda.Unknown' }) },
    error: 'Lambda.Unknown',
    cause: 'asked',
  },
];

describe('states', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench({ integrations });
  });
  afterEach(() => bench.close());

  for (const { title, states, input, output } of outputs) {
    it(`succeed: ${title}`, async () => {
      const { execution } = await bench.run(states, input);
      expect(execution.cause).to.equal(undefined);
      expect(JSON.parse(execution.output ?? 'null')).to.deep.equal(output);
    });
  }

  for (const { title, states, input, error, cause } of failures) {
    it(`fail: ${title}`, async () => {
      const { execution } = await bench.run(states, input);
      expect(execution.status).to.equal('FAILED');
      expect(execution.error).to.equal(error);
      if (cause instanceof RegExp) expect(execution.cause).to.match(cause);
      else if (cause !== undefined || error === undefined) expect(execution.cause).to.equal(cause);
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
