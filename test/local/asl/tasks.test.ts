import { expect } from 'chai';
import type { Integrations } from '../../../local/asl/strand';
import { chain, createBench } from './support/bench';

const task = (more: object = {}) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...more });
const callback = task({
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { token: '{% $states.context.Task.Token %}' },
});

describe('a task that is stopped', () => {
  const reasons: readonly (readonly [string, object, object])[] = [
    ['its timeout', { TimeoutSeconds: 5 }, {}],
    ['the timeout of the machine', {}, { TimeoutSeconds: 5 }],
  ];
  for (const [reason, limits, more] of reasons) {
    it(`by ${reason} aborts its signal, and nobody waits for the service`, async () => {
      const signals: AbortSignal[] = [];
      const bench = createBench({
        integrations: ({ signal }) => {
          signals.push(signal);
          return new Promise(() => undefined);
        },
      });
      const { execution } = await bench.run({ T: task(limits) }, {}, more);
      expect(execution.status).to.be.oneOf(['FAILED', 'TIMED_OUT']);
      expect(Date.parse(execution.stopDate ?? '') - Date.parse(execution.startDate)).to.equal(5000);
      expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true]);
      bench.close();
    });
  }

  it('by StopExecution ends with ExecutionAborted, which follows no event, and keeps a late answer out', async () => {
    let answer = (_: unknown): void => undefined;
    const bench = createBench({
      integrations: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const { executionArn } = bench.engine.startExecution({
      stateMachineArn: bench.machine({ T: task() }),
      name: 'run',
    });
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = bench.engine.stopExecution(executionArn, { error: 'Asked', cause: 'for it' });
    expect(stopped).to.include({ status: 'ABORTED', error: 'Asked', cause: 'for it' });
    answer('late');
    await new Promise((resolve) => setImmediate(resolve));
    expect(chain(bench.engine.history(executionArn)).slice(3)).to.deep.equal([
      '4 TaskStarted <3',
      '5 ExecutionAborted <0',
    ]);
    expect(bench.engine.stopExecution(executionArn)).to.deep.equal(stopped);
    bench.close();
  });
});

describe('a task that waits for its token', () => {
  const run = async (
    during: (engine: ReturnType<typeof createBench>, token: string) => Promise<void>,
    more: object = {},
    machine: object = {},
  ) => {
    const tokens: string[] = [];
    const integrations: Integrations = async ({ arguments: given, taskToken }) => {
      expect(given).to.deep.equal({ token: taskToken });
      tokens.push(taskToken ?? '');
      return { MessageId: 'm' };
    };
    const bench = createBench({ integrations });
    const { executionArn } = bench.engine.startExecution({
      stateMachineArn: bench.machine({ T: { ...callback, ...more } }, machine),
      name: 'run',
    });
    while (tokens.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await during(bench, tokens[0] ?? '');
    const execution = await bench.engine.waitForEnd(executionArn);
    const history = chain(bench.engine.history(executionArn)).slice(3);
    bench.close();
    return { execution, history };
  };

  it('succeeds with the output that is sent', async () => {
    const { execution, history } = await run(async ({ engine }, token) => engine.tokens.succeed(token, '{"ok":true}'));
    expect(execution.output).to.equal('{"ok":true}');
    expect(history.slice(1, 3)).to.deep.equal(['5 TaskSubmitted <4', '6 TaskSucceeded <5']);
  });

  it('fails with the error that is sent', async () => {
    const { execution } = await run(async ({ engine }, token) => engine.tokens.fail(token, 'E', 'c'));
    expect(execution).to.include({ status: 'FAILED', error: 'E', cause: 'c' });
  });

  it('times out when the heartbeat stops, counting from the last one', async () => {
    const { execution, history } = await run(
      async ({ engine, clock }, token) => {
        await clock.sleep(4000, new AbortController().signal);
        engine.tokens.heartbeat(token);
      },
      { HeartbeatSeconds: 5 },
    );
    expect(execution).to.include({ status: 'FAILED', error: 'States.Timeout' });
    expect(Date.parse(execution.stopDate ?? '') - Date.parse(execution.startDate)).to.equal(9000);
    expect(history.slice(1, 3)).to.deep.equal(['5 TaskSubmitted <4', '6 TaskTimedOut <5']);
  });

  it('lets Catch name a lost heartbeat', async () => {
    const caught = { HeartbeatSeconds: 5, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'T' }], Retry: [] };
    const { execution } = await run(async () => undefined, { ...caught, TimeoutSeconds: 60 }, { TimeoutSeconds: 8 });
    expect(execution.status).to.equal('TIMED_OUT');
  });

  it('refuses an unknown token and an output that is not JSON', async () => {
    await run(async ({ engine }, token) => {
      expect(() => engine.tokens.heartbeat('other'))
        .to.throw(Error)
        .with.property('name', 'TaskTimedOut');
      expect(() => engine.tokens.succeed(token, '{'))
        .to.throw(Error)
        .with.property('name', 'InvalidOutput');
      engine.tokens.succeed(token, '1');
    });
  });
});
