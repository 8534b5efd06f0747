import { GetExecutionHistoryOutput$ } from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import { TaskFailure } from '../../../local/asl/failures';
import type { Integrations } from '../../../local/asl/strand';
import { type Bench, chain, createBench } from './support/bench';
import { schemaFaults } from './support/check-schema';
import { cases, last, missing, pass, task } from './support/history-cases';

const integrations: Integrations = async ({ arguments: given, signal, submitted, resource }) => {
  const { fail, hang } = (given ?? {}) as { fail?: boolean; hang?: boolean };
  if (fail) throw new TaskFailure('MyError', '{"why":"asked"}');
  if (hang) return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over'))));
  if (resource.endsWith('.sync')) submitted({ Build: { Id: 'b:1' } });
  return given;
};

const withHandler = (states: object): object =>
  JSON.stringify(states).includes('"Next":"H"') ? { ...states, H: pass } : states;

describe('execution history', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench({ integrations });
  });
  afterEach(() => bench.close());

  for (const { title, states, more, expected } of cases) {
    it(`tells of ${title} in the order of the service`, async () => {
      const { history } = await bench.run(withHandler(states), { a: 1 }, more);
      expect(chain(history)).to.deep.equal(
        expected.split(' ').map((line, index) => `${index + 1} ${line.replace('<', ' <')}`),
      );
      expect(schemaFaults(GetExecutionHistoryOutput$, { events: history })).to.deep.equal([]);
    });
  }

  it('names resource, region, parameters and limits of a task', async () => {
    const { history } = await bench.run({
      T: task({ a: '{% 1 + 1 %}' }, { TimeoutSeconds: '{% 60 %}', HeartbeatSeconds: 5, ...last }),
    });
    const where = { resourceType: 'lambda', resource: 'invoke' };
    expect(history[2]?.taskScheduledEventDetails).to.deep.equal({
      ...where,
      region: 'eu-west-1',
      parameters: '{"a":2}',
      timeoutInSeconds: 60,
      heartbeatInSeconds: 5,
    });
    expect(history[3]?.taskStartedEventDetails).to.deep.equal(where);
    expect(history[4]?.taskSucceededEventDetails).to.deep.equal({
      ...where,
      output: '{"a":2}',
      outputDetails: { truncated: false },
    });
  });

  it('gives assigned variables as JSON texts and only when there are any', async () => {
    const { history } = await bench.run(
      { A: { Type: 'Pass', Assign: { x: '{% $states.input.a %}', y: 'text' }, Next: 'B' }, B: pass },
      { a: 1 },
    );
    expect(history[2]?.stateExitedEventDetails).to.deep.equal({
      name: 'A',
      output: '{"a":1}',
      outputDetails: { truncated: false },
      assignedVariables: { x: '1', y: '"text"' },
      assignedVariablesDetails: { truncated: false },
    });
    expect(history[4]?.stateExitedEventDetails).to.have.all.keys('name', 'output', 'outputDetails');
  });

  it('leaves an absent cause absent and names the failed expression, its field and its state', async () => {
    const timedOut = await bench.run({ T: task({ hang: true }, { TimeoutSeconds: 1, ...last }) });
    expect(timedOut.history.at(-1)?.executionFailedEventDetails).to.deep.equal({ error: 'States.Timeout' });

    const { history } = await bench.run({ E: { ...pass, Output: { a: { b: missing } } } });
    const cause =
      "An error occurred while executing the state 'E' (entered at the event id #2). The JSONata expression '$states.input.missing' " +
      "specified for the field 'Output/a/b' returned nothing (undefined).";
    const error = 'States.QueryEvaluationError';
    expect(history[2]?.evaluationFailedEventDetails).to.deep.equal({
      error,
      cause,
      location: 'Output/a/b',
      state: 'E',
    });
    expect(history[3]?.executionFailedEventDetails).to.deep.equal({ error, cause });
  });

  it('ends an endless loop with event 25,000', async () => {
    const { history } = await bench.run({
      L: { Type: 'Choice', Choices: [{ Condition: true, Next: 'L' }], Default: 'S' },
      S: pass,
    });
    expect(history.length).to.equal(25_000);
    expect(history.at(-1)).to.deep.include({ id: 25_000, previousEventId: 24_999, type: 'ExecutionFailed' });
    expect(history.at(-1)?.executionFailedEventDetails?.error).to.equal('States.Runtime');
  });

  it('tells subscribers of every event as it is written', async () => {
    const heard: string[] = [];
    const leave = bench.engine.onEvent((_, event) => heard.push(String(event.type)));
    const { history } = await bench.run({ S: pass });
    leave();
    await bench.run({ S: pass });
    expect(heard).to.deep.equal(history.map(({ type }) => type));
  });
});
