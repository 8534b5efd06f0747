import { expect } from 'chai';
import { type Bench, createBench } from './support/bench';
import { type Case, choice, echo, inline, last, pass, task, value } from './support/state-shapes';

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
    bench = createBench({ integrations: echo });
  });
  afterEach(() => bench.close());

  for (const { title, states, input, error, cause } of failures) {
    it(`fail: ${title}`, async () => {
      const { execution } = await bench.run(states, input);
      expect(execution.status).to.equal('FAILED');
      expect(execution.error).to.equal(error);
      if (cause instanceof RegExp) expect(execution.cause).to.match(cause);
      else if (cause !== undefined || error === undefined) expect(execution.cause).to.equal(cause);
    });
  }
});
