import { expect } from 'chai';
import { type ErrorCode, WorkerError } from '../../domain/errors';
import { retryTransient } from '../../domain/retry-transient';

describe('retryTransient', () => {
  /** Fails with these codes, one after the other, then succeeds. */
  const attempt = (...codes: readonly (ErrorCode | 'plain')[]) => {
    const left = [...codes];
    const count = { calls: 0 };
    const run = async (): Promise<string> => {
      count.calls += 1;
      const code = left.shift();
      if (code === 'plain') throw new Error('plain');
      if (code) throw new WorkerError(code, code);
      return 'done';
    };
    return { run, count };
  };
  const pauses: number[] = [];
  const deps = {
    pause: async (milliseconds: number) => {
      pauses.push(milliseconds);
    },
  };
  beforeEach(() => pauses.splice(0));

  it('tries again what may pass by itself, with growing pauses', async () => {
    const { run, count } = attempt('RateLimited', 'RepositoryUnreachable', 'AwsUnavailable');
    expect(await retryTransient(run, { ...deps, random: () => 0 })).to.equal('done');
    expect(count.calls).to.equal(4);
    expect(pauses).to.deep.equal([1000, 2000, 4000]);
  });

  it('takes up to half of a pause away at random', async () => {
    await retryTransient(attempt('RateLimited').run, deps);
    expect(pauses[0]).to.be.within(500, 1000);
  });

  for (const code of ['AuthenticationFailed', 'plain'] as const)
    it(`throws at once what would fail again: ${code}`, async () => {
      const { run, count } = attempt(code);
      const error = await retryTransient(run, deps).catch((thrown: Error) => thrown);
      expect((error as Error).message).to.equal(code);
      expect(count.calls).to.equal(1);
    });

  it('throws the fourth failure', async () => {
    const { run, count } = attempt(...Array.from({ length: 9 }, () => 'AwsUnavailable' as const));
    const error = await retryTransient(run, deps).catch((thrown: Error) => thrown);
    expect((error as Error).name).to.equal('AwsUnavailable');
    expect(count.calls).to.equal(4);
  });
});
