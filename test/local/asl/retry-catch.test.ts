import { expect } from 'chai';
import fc from 'fast-check';
import type { Retrier } from '../../../local/asl/definition';
import { StateFailure, TaskFailure } from '../../../local/asl/failures';
import { planRetry, retryDelaySeconds } from '../../../local/asl/retry-catch';
import { createBench } from './support/bench';

const retriers = fc.record(
  {
    ErrorEquals: fc.constant(['States.ALL']),
    IntervalSeconds: fc.integer({ min: 1, max: 1000 }),
    MaxAttempts: fc.integer({ min: 0, max: 20 }),
    BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
    MaxDelaySeconds: fc.integer({ min: 1, max: 100_000 }),
    JitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const),
  },
  { requiredKeys: ['ErrorEquals'] },
) as fc.Arbitrary<Retrier>;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failure = new StateFailure('E', 'c');

describe('retryDelaySeconds', () => {
  it('never exceeds MaxDelaySeconds nor the backoff, and reaches it without jitter', () => {
    fc.assert(
      fc.property(retriers, fc.integer({ min: 0, max: 10 }), chance, (retrier, attempts, number) => {
        const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
        const full = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds);
        const delay = retryDelaySeconds(retrier, attempts, { number: () => number });
        expect(delay).to.be.within(0, full);
        if (retrier.JitterStrategy !== 'FULL') expect(delay).to.equal(full);
        else expect(delay).to.equal(full * number);
      }),
      { verbose: true },
    );
  });

  it('never shrinks from attempt to attempt without jitter', () => {
    fc.assert(
      fc.property(retriers, fc.integer({ min: 0, max: 10 }), (retrier, attempts) => {
        const calm = { ...retrier, JitterStrategy: 'NONE' as const };
        const at = (n: number): number => retryDelaySeconds(calm, n, { number: () => 0 });
        expect(at(attempts + 1)).to.be.at.least(at(attempts));
      }),
      { verbose: true },
    );
  });
});

describe('planRetry', () => {
  it('gives exactly MaxAttempts attempts', () => {
    fc.assert(
      fc.property(retriers, (retrier) => {
        const attempts = new Map<number, number>();
        const plan = () => planRetry([retrier], failure, attempts, { isTask: true, randomness: { number: () => 0 } });
        let made = 0;
        while (plan()) made += 1;
        expect(made).to.equal(retrier.MaxAttempts ?? 3);
      }),
      { verbose: true },
    );
  });

  const matching: readonly (readonly [string, readonly string[], boolean])[] = [
    ['E', ['E'], true],
    ['E', ['F'], false],
    ['E', ['States.ALL'], true],
    ['E', ['States.TaskFailed'], true],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.Timeout', ['States.Timeout'], true],
    ['States.Timeout', ['States.ALL'], true],
    ['States.DataLimitExceeded', ['States.ALL'], false],
    ['States.DataLimitExceeded', ['States.DataLimitExceeded'], true],
    ['States.Runtime', ['States.Runtime'], false],
    ['States.Runtime', ['States.ALL'], false],
  ];
  for (const [error, ErrorEquals, expected] of matching) {
    it(`${expected ? 'retries' : 'does not retry'} ${error} for ${ErrorEquals.join()}`, () => {
      const retrier = { ErrorEquals: [...ErrorEquals] };
      const deps = { isTask: true, randomness: { number: () => 0 } };
      expect(planRetry([retrier], new StateFailure(error, ''), new Map(), deps) !== undefined).to.equal(expected);
    });
  }

  it('does not take the failure of a branch for one of a task', () => {
    const deps = { isTask: false, randomness: { number: () => 0 } };
    expect(planRetry([{ ErrorEquals: ['States.TaskFailed'] }], failure, new Map(), deps)).to.equal(undefined);
  });
});

describe('Retry', () => {
  const T = (more: object) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: '{% $states.context.State.RetryCount %}',
    End: true,
    ...more,
  });

  it('counts the attempts of each retrier by itself, waits longer each time and shows RetryCount', async () => {
    const seen: unknown[] = [];
    const errors = ['A', 'A', 'B', 'A'];
    const bench = createBench({
      integrations: async ({ arguments: given }) => {
        seen.push(given);
        const error = errors.shift();
        if (error) throw new TaskFailure(error, '');
        return 'done';
      },
    });
    const retry = [
      { ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 1.5, MaxAttempts: 3 },
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, JitterStrategy: 'FULL' },
    ];
    const { execution } = await bench.run({ T: T({ Retry: retry }) });
    expect(execution.output).to.equal('"done"');
    expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
    expect(bench.clock.slept()).to.deep.equal([3000, 4500, 5000, 6750]);
    bench.close();
  });
});
