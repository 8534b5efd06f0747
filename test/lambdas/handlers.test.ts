import { expect } from 'chai';
import { creditLedger } from '../../adapters/aws/credit-ledger';
import { sqsDeadLetterQueue } from '../../adapters/aws/dead-letter-queue';
import { createLockTable } from '../../adapters/aws/lock-table';
import { defaultCreditBudget } from '../../domain/credit-budget';
import { createRedactor } from '../../domain/redaction';
import { needVariables } from '../../lambdas/_kit/contract';
import { taskContracts } from '../../lambdas/registry';
import { READER, WRITER } from '../local/github/github-fixture';
import { type AwsBench, awsBench, names } from '../support/aws-bench';
import { buildResult, EXECUTION, RESULT_HEAD, summary } from '../support/build-results';
import { type GitHubBench, settingsOf, startGitHubBench } from '../support/github-bench';
import { type Invocation, type LambdaProcess, startLambda } from '../support/invoke-handler';
import { LOCKS_TABLE } from '../support/locks-table';
import { agentRun } from '../support/spendings';
import { workItem } from '../support/work-items';

describe('the handlers, each in a process of its own', function () {
  this.timeout(60_000);
  const aws = awsBench();
  let github: GitHubBench;
  const started: LambdaProcess[] = [];
  beforeEach(async () => {
    github = await startGitHubBench();
    await github.plant({ rows: [{ number: 1, values: { Branch: 'feature', Spec: '.kiro/specs/cart' } }] });
    aws().secrets.put(names.secret, WRITER);
    aws().parameters.put(names.parameter, JSON.stringify(settingsOf()));
  });
  afterEach(async () => {
    for (const each of started.splice(0)) each.end();
    await github.close();
  });

  /** What the stack would not give it, it does not get. */
  const variablesOf = (task: string): Record<string, string> => {
    const { needs = [] } = taskContracts.find(({ name }) => name === task) ?? {};
    const given = new Set<string | null>(needs.map((need) => needVariables[need]));
    const withheld = new Set<string | null>(Object.values(needVariables).filter((name) => !given.has(name)));
    return Object.fromEntries(Object.entries(aws().env).filter(([name]) => !withheld.has(name)));
  };
  const lambda = (task: string, change: Record<string, string> = {}): LambdaProcess => {
    const env = { ...variablesOf(task), GITHUB_API_URL: github.github.apiUrl, ...change };
    const child = startLambda(task, env);
    started.push(child);
    return child;
  };
  const outputOf = ({ output, failure }: Invocation): Record<string, unknown> => {
    if (failure) throw new Error(`${failure.name}: ${failure.message}`);
    return output as Record<string, unknown>;
  };
  const poll = (executionName = 'tick-1') => ({
    executionArn: 'arn:poll',
    executionName,
    startedAt: '2026-11-01T10:00:00.000Z',
    dryRun: false,
  });

  /** Polls, takes the lock for a running execution and gives what the next tasks need. */
  const takeItem = async (bench: AwsBench) => {
    const { items } = outputOf(await lambda('poll-work-items').invoke(poll())) as { items: readonly object[] };
    const owner = bench.startExecution();
    const { lease } = outputOf(
      await lambda('acquire-lock').invoke({ item: items[0], owner, redrive: false, dryRun: false }),
    );
    return { item: items[0], lease, owner };
  };

  it('take an item from the board to its pull request, and give it back', async () => {
    const { item, lease, owner } = await takeItem(aws());
    const execution = { executionArn: owner, executionName: EXECUTION };
    expect(outputOf(await lambda('announce-start').invoke({ item, lease, redrive: false, dryRun: false }))).to.include({
      outcome: 'announced',
    });

    const { itemId } = item as { itemId: string };
    const key = `builds/${EXECUTION}/build/coverage/summary.json`;
    const { versionId, sha256, bytes } = await aws().objects.put(names.bucket, key, Buffer.from(summary(95, 100)));
    const report = { key, versionId, sha256, bytes };
    const coverage = { ...buildResult().coverage, after: { kind: 'found', path: 'c', report, commit: RESULT_HEAD } };
    const result = { ...buildResult(), itemId, branch: 'feature', coverage };
    await aws().objects.put(names.bucket, `builds/${EXECUTION}/build/result.json`, Buffer.from(JSON.stringify(result)));

    const gate = outputOf(
      await lambda('coverage-gate').invoke({ item, lease, executionName: EXECUTION, dryRun: false }),
    );
    expect(gate).to.include({ kind: 'green', hasCommits: true });
    const { resultVersionId, verdictKey, verdictVersionId } = gate;
    const spending = { version: 1, itemId, fence: 1, runs: [agentRun('1', 2.5, new Date().toISOString())] };
    const spendingKey = `builds/${EXECUTION}/build/spending.json`;
    await aws().objects.put(names.bucket, spendingKey, Buffer.from(JSON.stringify(spending)));
    const recorded = outputOf(
      await lambda('record-spending').invoke({ item, lease, executionName: EXECUTION, fruitful: true, dryRun: false }),
    );
    expect(recorded).to.deep.include({ outcome: 'recorded' });
    expect(recorded.report).to.deep.include({ item: { known: 2.5, unknownRuns: 0 } });

    const update = { item, lease, ...execution, resultVersionId, verdictKey, verdictVersionId, dryRun: false };
    expect(outputOf(await lambda('update-pull-request').invoke(update))).to.include({
      action: 'created',
      status: 'inReview',
    });
    expect(outputOf(await lambda('release-lock').invoke({ lease, park: false, dryRun: false }))).to.deep.equal({
      outcome: 'released',
    });
    expect(github.github.model.all('PullRequest')).to.have.length(1);
    const receipts = aws().objects.list(names.bucket, 'receipts/');
    expect(receipts.map(({ key: name }) => name)).to.deep.equal([
      'receipts/2026-11-01/2026-11-01T10:00:00.000Z-tick-1.json',
    ]);
  });

  it('tell people on the issue that the circuit breaker has opened', async () => {
    aws().parameters.put(aws().env.CREDIT_BUDGET_PARAMETER ?? '', JSON.stringify({ breakerRuns: 1 }));
    const { item, lease } = await takeItem(aws());
    const { itemId } = item as { itemId: string };
    const spending = { version: 1, itemId, fence: 1, runs: [agentRun('1', 2.5, new Date().toISOString())] };
    const spendingKey = `builds/${EXECUTION}/build/spending.json`;
    await aws().objects.put(names.bucket, spendingKey, Buffer.from(JSON.stringify(spending)));
    const event = { item, lease, executionName: EXECUTION, fruitful: false, dryRun: false };
    expect(outputOf(await lambda('record-spending').invoke(event))).to.include({ outcome: 'breaker-opened' });
    expect(github.github.model.all('IssueComment')).to.have.length(1);
  });

  it('raise the alarm of the circuit breaker, whichever of them settles the run that opens it, and however that task ends', async () => {
    aws().parameters.put(aws().env.CREDIT_BUDGET_PARAMETER ?? '', JSON.stringify({ breakerRuns: 1 }));
    const opened = 'KiroWorker/CircuitBreakerOpened{Environment=test,Release=r1} 1';
    const { item, lease, owner } = await takeItem(aws());
    const { itemId } = item as { itemId: string };
    const spend = async (executionArn: string) => {
      const executionName = executionArn.split(':').at(-1) ?? '';
      const spending = { version: 1, itemId, fence: 1, runs: [agentRun('1', 2.5, new Date().toISOString())] };
      const key = `builds/${executionName}/build/spending.json`;
      await aws().objects.put(names.bucket, key, Buffer.from(JSON.stringify(spending)));
      return executionName;
    };
    const again = async () => {
      await creditLedger({
        table: createLockTable({ tableName: LOCKS_TABLE, index: '' }, { client: aws().dynamo }),
        budget: async () => defaultCreditBudget,
        now: () => new Date(),
      }).closeBreaker();
    };

    const first = lambda('record-spending', { GITHUB_API_URL: 'http://127.0.0.1:1' });
    const executionName = await spend(owner);
    expect(outputOf(await first.invoke({ item, lease, executionName, fruitful: false, dryRun: false })).note).to.match(
      /could not be told/,
    );
    expect(first.metrics(), 'GitHub is not there').to.include(opened);
    expect(first.printed(), 'its log names the spending and the note').to.match(
      /"report":\{.*"note":"[^"]*could not be told/,
    );

    await again();
    const take = async (execution: string, child = lambda('acquire-lock')) => {
      await child.invoke({ item, owner: execution, redrive: false, dryRun: false });
      return child.metrics();
    };
    aws().engine.stopExecution(owner);
    const second = aws().startExecution();
    await take(second);
    await spend(second);
    aws().engine.stopExecution(second);
    const third = aws().startExecution();
    expect(await take(third), 'the next execution settles it').to.include(opened);

    await again();
    await take(third);
    await spend(third);
    aws().engine.stopExecution(third);
    aws().parameters.put(names.parameter, JSON.stringify(settingsOf({ fields: { status: 'Gone' } })));
    const tick = lambda('poll-work-items');
    expect((await tick.invoke(poll('tick-9'))).failure?.name).to.equal('BoardMisconfigured');
    expect(tick.metrics(), 'the tick that settles it fails').to.include(opened);
  });

  it('report a failure on the issue', async () => {
    const { item, lease, owner } = await takeItem(aws());
    const failure = { step: 'Build', error: 'States.TaskFailed', cause: '{"Build":{"BuildStatus":"TIMED_OUT"}}' };
    const event = { item, lease, executionArn: owner, executionName: EXECUTION, failure, dryRun: false };
    expect(outputOf(await lambda('report-failure').invoke(event))).to.include({
      outcome: 'reported',
      code: 'BuildTimedOut',
    });
    expect(github.github.model.all('IssueComment')).to.have.length(1);
  });

  it('reconcile through Step Functions and SQS: what a dead execution held is dead-lettered and taken again', async () => {
    const { owner } = await takeItem(aws());
    const child = lambda('poll-work-items');
    expect(outputOf(await child.invoke(poll('tick-2')))).to.include({ outcome: 'waiting' });
    aws().engine.stopExecution(owner);
    expect(outputOf(await child.invoke(poll('tick-3')))).to.include({ outcome: 'items' });
    const letters = await sqsDeadLetterQueue({ queueUrl: names.queueUrl }, { client: aws().sqs }).list();
    expect(letters.map(({ executionArn, error }) => [executionArn, error])).to.deep.equal([
      [owner, 'ExecutionAborted'],
    ]);
  });

  it('log what they did with ids, and count it in the dimensions that the alarms watch', async () => {
    const child = lambda('poll-work-items');
    await child.invoke(poll());
    await child.invoke({});
    expect(child.metrics()).to.deep.equal([
      'KiroWorker/PollWorkItemsItems{Environment=test,Release=r1} 1',
      'KiroWorker/PollWorkItemsTaken{Environment=test,Release=r1} 1',
      'KiroWorker/PollWorkItemsWaitingItems{Environment=test,Release=r1} 0',
      'KiroWorker/PollWorkItemsRefusedItems{Environment=test,Release=r1} 0',
      'KiroWorker/PollWorkItemsParkedItems{Environment=test,Release=r1} 0',
      'KiroWorker/PollWorkItemsSucceeded{Environment=test,Release=r1} 1',
      'KiroWorker/PollWorkItemsSucceeded{Environment=test} 1',
      'KiroWorker/PollWorkItemsFailed{Environment=test,Release=r1} 1',
    ]);
    const lines = child
      .printed()
      .split('\n')
      .filter((line) => line.includes('"level"'));
    const [ended, failed] = lines.map((line) => JSON.parse(line));
    expect(ended).to.include({
      level: 'INFO',
      message: 'poll-work-items ended',
      execution: 'arn:poll',
      outcome: 'items',
    });
    expect(failed).to.include({ level: 'ERROR', message: 'poll-work-items failed', errorName: 'ValidationError' });
  });

  it('name the field of an input that is wrong', async () => {
    const { failure } = await lambda('acquire-lock').invoke({
      item: { ...workItem(), branch: 'a b' },
      owner: 'arn',
      redrive: false,
      dryRun: 'yes',
    });
    expect(failure?.name).to.equal('ValidationError');
    expect(failure?.message)
      .to.match(/input of acquire-lock is wrong/)
      .and.match(/at item\.branch/)
      .and.match(/at dryRun/);
    expect(failure?.message).to.match(/the branch "a b" cannot be used: it holds a space/);
  });

  it('name the variable that the stack has not set, or set wrongly', async () => {
    const { failure } = await lambda('poll-work-items', { LOCKS_TABLE: '', COVERAGE_THRESHOLD: '101' }).invoke(poll());
    expect(failure?.name).to.equal('ValidationError');
    expect(failure?.message)
      .to.match(/LOCKS_TABLE is not set/)
      .and.match(/COVERAGE_THRESHOLD/);
  });

  it('keep the code of an error as its name, because Step Functions matches that', async () => {
    const { item, lease } = await takeItem(aws());
    github.github.faults.add({ kind: 'unavailable', status: 502 });
    const { failure } = await lambda('announce-start').invoke({ item, lease, redrive: false, dryRun: false });
    expect(failure?.name).to.equal('GitHubUnavailable');
    expect(failure?.cause).to.equal('undefined');
    expect(failure?.stack).to.not.match(/\bat /);
  });

  it('use a rotated token at once, without a failure', async () => {
    const child = lambda('poll-work-items');
    await child.invoke(poll());
    aws().secrets.put(names.secret, 'a-token-that-is-wrong');
    const stale = lambda('poll-work-items');
    const refused = await stale.invoke(poll('tick-2'));
    expect(refused.failure?.name).to.equal('AuthenticationFailed');
    aws().secrets.put(names.secret, READER);
    expect(outputOf(await stale.invoke(poll('tick-3'))), 'cached, refused, read anew').to.include({ outcome: 'items' });
  });

  it('never print, throw or store the token, in no form', async () => {
    const secret = 'gho_planted0secret0value1234567890';
    aws().secrets.put(names.secret, secret);
    const child = lambda('poll-work-items');
    const { failure } = await child.invoke(poll());
    expect(failure?.name).to.equal('AuthenticationFailed');
    const echo = lambda('poll-work-items', { GITHUB_API_URL: `http://x:${secret}@127.0.0.1:9` });
    const second = await echo.invoke(poll('tick-2'));
    expect(outputOf(second)).to.include({ outcome: 'github-unavailable' });
    const receipts = aws()
      .objects.list(names.bucket, 'receipts/')
      .map(({ key }) => aws().objects.readText(names.bucket, key));
    expect(receipts).to.have.length(2);
    const everything = [child.printed(), echo.printed(), JSON.stringify([failure, second]), ...receipts].join('\n');
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(everything).to.not.contain(form);
    expect(createRedactor([secret])(everything), 'nothing is left to redact').to.equal(everything);
  });
});
