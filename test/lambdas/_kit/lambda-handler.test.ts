import { expect } from 'chai';
import * as z from 'zod';
import { WorkerError } from '../../../domain/errors';
import { defineTask } from '../../../lambdas/_kit/contract';
import { emitMetrics, perRelease } from '../../../lambdas/_kit/emit-metric';
import { lambdaHandler } from '../../../lambdas/_kit/lambda-handler';
import { failureOf } from '../../support/failure-of';

const SECRET = 'gho_a_secret_of_some_length';

describe('lambdaHandler', () => {
  const contract = defineTask({
    name: 'some-task',
    state: 'SomeTask',
    purpose: 'Does something',
    input: z.strictObject({ value: z.number() }),
    output: z.strictObject({ kind: z.string() }),
    errors: [],
    timeoutSeconds: 10,
    memoryMegabytes: 128,
    needs: [],
  });
  type Run = (value: number, turn: number) => unknown;
  const before = { ...process.env };
  const printed: string[] = [];
  const print = (message: string, fields: object) => {
    printed.push(JSON.stringify({ message, ...fields }));
  };
  beforeEach(() => {
    Object.assign(process.env, { ENVIRONMENT: 'test', RELEASE: 'r1', AWS_REGION: 'eu-west-1' });
    printed.length = 0;
  });
  afterEach(() => {
    process.env = { ...before };
  });

  const compose = (run: Run) => {
    const counts = { composed: 0, turns: 0, forgotten: 0 };
    const handler = lambdaHandler(
      contract,
      async ({ value }) => {
        counts.turns += 1;
        return run(value, counts.turns) as { kind: string };
      },
      () => {
        counts.composed += 1;
        return {
          deps: {},
          secrets: () => [SECRET],
          forgetSecrets: () => {
            counts.forgotten += 1;
          },
        };
      },
      { log: { info: print, error: print }, write: (line) => printed.push(line) },
    );
    return { counts, handler };
  };

  it('composes once for many invocations', async () => {
    const { counts, handler } = compose((value) => ({ kind: `v${value}` }));
    expect(await handler({ value: 1 })).to.deep.equal({ kind: 'v1' });
    expect(await handler({ value: 2 })).to.deep.equal({ kind: 'v2' });
    expect(counts.composed).to.equal(1);
  });

  it('refuses an input with a field too many, before the task sees it', async () => {
    const { counts, handler } = compose(() => ({ kind: 'x' }));
    const error = await failureOf(handler({ value: 1, colour: 'red' }));
    expect(error.name).to.equal('ValidationError');
    expect(error.message).to.match(/input of some-task is wrong:.*\n?.*"colour"/);
    expect(counts.turns).to.equal(0);
  });

  it('tries once more with fresh secrets after an authentication failure, and only then', async () => {
    const refused = new WorkerError('AuthenticationFailed', 'refused');
    const once = compose((_, turn) => {
      if (turn === 1) throw refused;
      return { kind: 'second' };
    });
    expect(await once.handler({ value: 1 })).to.deep.equal({ kind: 'second' });
    expect(once.counts).to.include({ turns: 2, forgotten: 1 });
    const always = compose(() => {
      throw refused;
    });
    expect((await failureOf(always.handler({ value: 1 }))).name).to.equal('AuthenticationFailed');
    expect(always.counts).to.include({ turns: 2, forgotten: 1 });
    const other = compose(() => {
      throw new WorkerError('NotFound', 'gone');
    });
    await failureOf(other.handler({ value: 1 }));
    expect(other.counts).to.include({ turns: 1, forgotten: 0 });
  });

  it('throws our own errors under their code with message and remedy, redacted, short, without stack and cause', async () => {
    const { handler } = compose(() => {
      throw new WorkerError('LeaseLost', `gone ${SECRET} ${'x'.repeat(50_000)}`, 'Take it.', {
        cause: new Error(SECRET),
      });
    });
    const error = await failureOf(handler({ value: 1 }));
    expect(error.name).to.equal('LeaseLost');
    expect(error.message).to.match(/^gone \[redacted\] x+…$/);
    expect(error.message.length).to.equal(8_000);
    expect(JSON.stringify([error.stack, error.cause, printed]))
      .to.not.contain(SECRET)
      .and.not.match(/\\n {4}at /);
  });

  it('calls everything that it did not expect UnexpectedFault', async () => {
    for (const [thrown, words] of [
      [new TypeError(`x of ${SECRET}`), 'Unexpected: TypeError: x of [redacted]'],
      ['a word', 'Unexpected: a word'],
      [null, 'Unexpected: null'],
    ] as const) {
      const { handler } = compose(() => {
        throw thrown;
      });
      const error = await failureOf(handler({ value: 1 }));
      expect([error.name, error.message]).to.deep.equal(['UnexpectedFault', words]);
    }
    const { handler } = compose(() => ({ colour: 'red' }));
    expect((await failureOf(handler({ value: 1 }))).name, 'an output that breaks the contract').to.equal(
      'UnexpectedFault',
    );
  });

  it('logs and counts what a task tells of its output, in the same line as the outcome', async () => {
    const tell = ({ kind }: { kind: string }) => ({
      fields: { message2: kind },
      metrics: { ItemsTaken: 2 },
      pulse: { Alive: 1 },
    });
    const output = { log: { info: print, error: print }, write: (line: string) => printed.push(line) };
    const handler = lambdaHandler(
      contract,
      async () => ({ kind: 'idle' }),
      () => ({ deps: {}, tell }),
      output,
    );
    await handler({ value: 1 });
    expect(JSON.parse(printed[0] ?? '')).to.include({ message: 'some-task ended', outcome: 'idle', message2: 'idle' });
    const line = JSON.parse(printed[1] ?? '');
    expect(line).to.include({ SomeTaskIdle: 1, ItemsTaken: 2, Environment: 'test', Release: 'r1' });
    expect(line._aws.CloudWatchMetrics[0].Metrics).to.deep.equal([
      { Name: 'SomeTaskIdle', Unit: 'Count' },
      { Name: 'ItemsTaken', Unit: 'Count' },
    ]);
    const pulse = JSON.parse(printed[2] ?? '');
    expect(pulse).to.include({ Alive: 1 });
    expect(pulse._aws.CloudWatchMetrics[0].Dimensions).to.deep.equal([['Environment', 'Release'], ['Environment']]);
  });

  it('counts outcomes and failures', async () => {
    const { handler } = compose((value) => {
      if (value === 0) throw new Error('zero');
      return { kind: 'in-review' };
    });
    await handler({ value: 1 });
    await failureOf(handler({ value: 0 }));
    await failureOf(handler('nonsense'));
    const counted = printed.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line));
    expect(counted.map((line) => line._aws.CloudWatchMetrics[0].Metrics[0].Name)).to.deep.equal([
      'SomeTaskInReview',
      'SomeTaskFailed',
      'SomeTaskFailed',
    ]);
  });
});

describe('emitMetrics', () => {
  it("writes one line in CloudWatch's embedded metric format", () => {
    const lines: string[] = [];
    const env = { ENVIRONMENT: 'test', RELEASE: 'r1', POWERTOOLS_METRICS_NAMESPACE: 'KiroWorker' };
    const now = () => new Date('2026-11-01T10:00:00Z');
    emitMetrics({ PollWorkItemsIdle: 1 }, perRelease, env, { now, write: (line) => lines.push(line) });
    expect(lines.join('').split('\n')).to.have.length(2);
    expect(JSON.parse(lines[0] ?? '')).to.deep.equal({
      _aws: {
        Timestamp: now().getTime(),
        CloudWatchMetrics: [
          {
            Namespace: 'KiroWorker',
            Dimensions: [['Environment', 'Release']],
            Metrics: [{ Name: 'PollWorkItemsIdle', Unit: 'Count' }],
          },
        ],
      },
      Environment: 'test',
      Release: 'r1',
      PollWorkItemsIdle: 1,
    });
  });
});
