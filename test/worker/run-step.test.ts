import { expect } from 'chai';
import { buildErrorSchema } from '../../domain/build-result';
import { type ErrorCode, WorkerError } from '../../domain/errors';
import { createRedactor } from '../../domain/redaction';
import { createRedactedLog } from '../../worker/redacted-log';
import { runStep } from '../../worker/run-step';

const failing = async (error: unknown, mode: 'checkout' | 'build' | 'publish' = 'publish') => {
  const written = new Map<string, string>();
  const lines: string[] = [];
  const outcome = await runStep(
    { mode, artifactsPrefix: 'builds/1' },
    async () => {
      throw error;
    },
    {
      store: {
        writeText: async (key, text) => {
          written.set(key, text);
          return { versionId: '1' };
        },
      },
      log: (line) => lines.push(line),
      redact: createRedactor(['planted-secret']),
    },
  );
  const [key = '', text = '{}'] = [...written][0] ?? [];
  return { outcome, key, error: buildErrorSchema.parse(JSON.parse(text)), lines };
};

describe('runStep', () => {
  it('is done when the step is, and writes nothing', async () => {
    const store = {
      writeText: async (): Promise<never> => {
        throw new Error('nothing was to be written');
      },
    };
    const deps = { store, log: () => undefined, redact: (text: string) => text };
    expect(await runStep({ mode: 'build', artifactsPrefix: 'builds/1' }, async () => 'anything', deps)).to.equal(
      'done',
    );
  });

  for (const [mode, step] of [
    ['checkout', 'Checkout'],
    ['build', 'Build'],
    ['publish', 'Publish'],
  ] as const)
    it(`writes why ${step} failed beside its other results`, async () => {
      const { outcome, key, error } = await failing(new WorkerError('BranchMoved', 'It moved.', 'Try again.'), mode);
      expect(outcome).to.equal('failed');
      expect(key).to.equal(`builds/1/${mode}/error.json`);
      expect(error).to.deep.equal({
        version: 1,
        step,
        code: 'BranchMoved',
        message: 'It moved.',
        remedy: 'Try again.',
        logs: [],
        agent: null,
      });
    });

  it('calls what nobody foresaw a fault of the worker, with its stack in the log', async () => {
    const { error, lines } = await failing(new TypeError('x is not a function'));
    expect(error.code).to.equal('UnexpectedFault');
    expect(error.message).to.equal('The worker itself failed: x is not a function');
    expect(error.remedy).to.match(/log of the build/);
    expect(lines.join('\n')).to.match(/run-step\.test/);
    expect((await failing('a text that was thrown')).error.message).to.match(/a text that was thrown/);
  });

  it('writes no secret, and no novel', async () => {
    const { error } = await failing(
      new WorkerError('PushRefused', `no: planted-secret ${'x'.repeat(20_000)}`, 'ask planted-secret'),
    );
    expect(JSON.stringify(error)).not.to.include('planted-secret');
    expect(error.message).to.have.length(8_000);
  });

  it('names the logs that the step had stored before', async () => {
    const logs = [{ name: 'agent', key: 'builds/1/build/logs/agent.log' }];
    const withLogs = (code: ErrorCode) => Object.assign(new WorkerError(code, 'x'), { logs });
    expect((await failing(withLogs('AgentDied'), 'build')).error.logs).to.deep.equal(logs);
    const odd = Object.assign(new WorkerError('AgentDied', 'x'), { logs: 'none' });
    expect((await failing(odd, 'build')).error.logs).to.deep.equal([]);
  });

  it('fails all the same when error.json cannot be written, and says so', async () => {
    const lines: string[] = [];
    const store = {
      writeText: async (): Promise<never> => {
        throw new WorkerError('AwsUnavailable', 'AWS could not write.');
      },
    };
    const step = async () => {
      throw new WorkerError('LeaseLost', 'gone');
    };
    const deps = { store, log: (line: string) => lines.push(line), redact: (text: string) => text };
    expect(await runStep({ mode: 'publish', artifactsPrefix: 'builds/1' }, step, deps)).to.equal('failed');
    expect(lines.join('\n'))
      .to.match(/LeaseLost: gone/)
      .and.match(/error\.json could not be written: AWS could not write/);
  });
});

describe('the log of a build', () => {
  it('prefixes every line, so that none can pass for a metric', () => {
    const printed: string[] = [];
    createRedactedLog([], { print: (line) => printed.push(line) }).log('one\n{"_aws":{}}\r\nthree');
    expect(printed).to.deep.equal(['[worker] one\n', '[worker] {"_aws":{}}\n', '[worker] three\n']);
  });

  it('hides secrets from the moment on that they are known', () => {
    const printed: string[] = [];
    const { log, hide, redact } = createRedactedLog(['first-secret'], { print: (line) => printed.push(line) });
    log('first-secret later-secret');
    hide('later-secret');
    log('first-secret later-secret');
    expect(printed).to.deep.equal(['[worker] [redacted] later-secret\n', '[worker] [redacted] [redacted]\n']);
    expect(redact('later-secret')).to.equal('[redacted]');
  });
});
