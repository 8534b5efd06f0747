import { expect } from 'chai';
import { receiptShelf } from '../../adapters/aws/receipt-shelf';
import { loadEnvironment } from '../../config/load';
import { namesOf } from '../../config/naming';
import type { TickOutcome } from '../../domain/receipt';
import { alarmRules } from '../../stacks/constructs/alarm-rules';
import { WRITER } from '../local/github/github-fixture';
import { awsBench, names } from '../support/aws-bench';
import { type GitHubBench, settingsOf, startGitHubBench } from '../support/github-bench';
import { startLambda } from '../support/invoke-handler';

const STARTED = '2026-11-01T10:00:00.000Z';

/** What each alarm listens to, as far as it listens to this program. */
const alarms = (): Readonly<Record<string, string>> => {
  const environment = loadEnvironment('test');
  const rules = alarmRules({
    environment,
    names: namesOf(environment),
    arns: { stateMachine: 'arn:machine' },
  } as unknown as Parameters<typeof alarmRules>[0]);
  return Object.fromEntries(
    rules.map(({ what, measured }) => [what, 'query' in measured ? measured.query : measured.metric]),
  );
};

describe('a tick that begins nothing', function () {
  this.timeout(60_000);
  const aws = awsBench();
  let github: GitHubBench;
  beforeEach(async () => {
    github = await startGitHubBench();
    aws().secrets.put(names.secret, WRITER);
    aws().parameters.put(names.parameter, JSON.stringify(settingsOf()));
  });
  afterEach(() => github.close());

  const plant = (Branch?: string) => github.plant({ rows: Branch ? [{ number: 1, values: { Branch } }] : [] });
  const budget = (text: string) => aws().parameters.put(aws().env.CREDIT_BUDGET_PARAMETER ?? '', text);
  const causes: readonly (readonly [TickOutcome, () => Promise<unknown>])[] = [
    ['idle', () => plant()],
    ['refused', () => plant('a b')],
    ['stopped', async () => [await plant('feature'), budget('{"dayCredits":0}')]],
    [
      'github-unavailable',
      async () => [await plant('feature'), github.github.faults.add({ kind: 'unavailable', status: 502, count: 99 })],
    ],
    ['failed', async () => [await plant('feature'), budget('{')]],
  ];

  /** Causes the tick for real: the built handler in a process of its own. */
  const tick = async (cause: () => Promise<unknown>) => {
    await cause();
    const child = startLambda('poll-work-items', { ...aws().env, GITHUB_API_URL: github.github.apiUrl });
    const event = { executionArn: 'arn:poll', executionName: 'tick', startedAt: STARTED, dryRun: false };
    const { failure } = await child.invoke(event);
    child.end();
    const logs = child
      .printed()
      .split('\n')
      .filter((line) => line.includes('"level"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const shelf = receiptShelf({ bucket: names.bucket }, { client: aws().s3, now: () => new Date(STARTED) });
    const receipts = [];
    for await (const one of shelf.newestFirst(1)) if (one.kind === 'receipt') receipts.push(one.receipt);
    return { failure, log: logs.at(-1), metrics: child.metrics(), receipts };
  };
  const counted = (metrics: readonly string[]) =>
    metrics.filter((metric) => /PollWorkItems(?!Taken|\w+Items|Succeeded)\w+\{/.test(metric));

  for (const [outcome, cause] of causes)
    it(`says "${outcome}" in its log line, in a metric of its own and in its receipt`, async () => {
      const { failure, log, metrics, receipts } = await tick(cause);
      const hasFailed = outcome === 'failed';
      expect(receipts.map((receipt) => receipt.outcome)).to.deep.equal([outcome]);
      expect(failure?.name).to.equal(hasFailed ? 'BudgetInvalid' : undefined);
      expect(log).to.include(
        hasFailed
          ? { level: 'ERROR', message: 'poll-work-items failed', errorName: 'BudgetInvalid' }
          : { level: 'INFO', message: 'poll-work-items ended', outcome, tick: receipts[0]?.message },
      );
      const word = outcome.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
      expect(counted(metrics)).to.deep.equal([`KiroWorker/PollWorkItems${word}{Environment=test,Release=r1} 1`]);
      const pulse = metrics.filter((metric) => metric.includes('Succeeded{Environment=test}'));
      const read = { idle: 1, refused: 1, stopped: 1 }[outcome as string] ?? 0;
      expect(pulse).to.deep.equal(hasFailed ? [] : [`KiroWorker/PollWorkItemsSucceeded{Environment=test} ${read}`]);
    });

  it('is heard by the alarm that fits, by exactly the names that are emitted', async () => {
    const heard = alarms();
    expect(heard['stopped-ticks']).to.contain('SUM(PollWorkItemsStopped)');
    expect(heard['breaker-opened']).to.contain('SUM(CircuitBreakerOpened)');
    expect(heard['poll-heartbeat']).to.equal('PollWorkItemsSucceeded');
    expect(heard['poll-failures']).to.equal('ExecutionsFailed');
    const all = Object.values(heard).join(' ');
    for (const quiet of ['PollWorkItemsIdle', 'PollWorkItemsRefused', 'PollWorkItemsWaiting'])
      expect(all, quiet).to.not.contain(quiet);
  });
});
