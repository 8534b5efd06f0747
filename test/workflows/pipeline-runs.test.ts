import { expect } from 'chai';
import { unlimitedCredits } from '../../domain/credit-allowance';
import { spendingReport } from '../support/spendings';
import { leaseOf, workItem } from '../support/work-items';
import { counts, createPipelineBench, failWith, onlyItem, type Run, redriven, resources } from './pipeline-bench';

const WORK = ['AnnounceStart', 'Checkout', 'Build', 'CoverageGate', 'Publish', 'RecordSpending', 'UpdatePullRequest'];
const CLEAN_UP = ['SendToDeadLetterQueue', 'RecordSpending', 'ReportFailure', 'ReleaseLock'];

describe('the pipeline, run on the engine,', () => {
  let bench: ReturnType<typeof createPipelineBench>;
  beforeEach(() => {
    bench = createPipelineBench();
  });
  afterEach(() => bench.close());
  const run = (...given: Parameters<(typeof bench)['run']>) => bench.run(...given);
  const inputOf = ({ calls }: Run, step: string) => calls.find((call) => call.step === step)?.input;

  it('takes an item from the board to its pull request', async () => {
    const done = await run();
    expect(done.steps).to.deep.equal(['PollWorkItems', 'AcquireLock', ...WORK, 'ReleaseLock']);
    expect(done.status).to.equal('SUCCEEDED');
    expect(onlyItem(done).output).to.deep.equal({
      outcome: 'green',
      itemId: 'PVTI_1',
      summary: 'Tests and coverage are good.',
      pullRequest: { number: 2, url: 'https://github.com/acme/shop/pull/2', isDraft: false },
    });
    expect(done.letters).to.deep.equal([]);
  });

  it('hands each step what it needs: the lease is of the child execution, the verdict is pinned', async () => {
    const done = await run();
    const { executionArn, name } = onlyItem(done);
    expect(inputOf(done, 'AcquireLock')).to.deep.equal({
      item: workItem(),
      owner: executionArn,
      redrive: false,
      dryRun: false,
    });
    expect(inputOf(done, 'Publish')).to.include({
      ENVIRONMENT: 'somewhere',
      RELEASE: 'abc',
      MODE: 'publish',
      BRANCH_NAME: 'feature/cart',
      SPEC_PATH: '.kiro/specs/cart',
      ARTIFACTS_PREFIX: `builds/${name}`,
      VERDICT_KEY: 'verdicts/x.json',
      VERDICT_VERSION_ID: 'vv',
      DRY_RUN: 'false',
    });
    expect(JSON.parse(String(inputOf(done, 'Checkout')?.WORK_ITEM))).to.deep.equal(workItem());
    expect(JSON.parse(String(inputOf(done, 'Build')?.LEASE))).to.include({ owner: executionArn, fence: 1 });
    expect(inputOf(done, 'Build')).to.not.have.property('MODE');
    expect(inputOf(done, 'UpdatePullRequest')).to.include({
      resultVersionId: 'rv',
      verdictVersionId: 'vv',
      executionName: name,
    });
    expect(inputOf(done, 'ReleaseLock')).to.include({ park: false, dryRun: false });
  });

  it('has nothing to do when nothing is ready', async () => {
    const PollWorkItems = () => ({
      outcome: 'idle',
      items: [],
      message: 'Nothing.',
      counts,
      receiptKey: 'r',
    });
    const done = await run({ PollWorkItems });
    expect([done.status, done.steps, done.items]).to.deep.equal(['SUCCEEDED', ['PollWorkItems'], []]);
  });

  for (const outcome of ['held', 'no-free-slot', 'no-credits'])
    it(`skips an item that is ${outcome}, without a dead letter`, async () => {
      const done = await run({ AcquireLock: () => ({ outcome, message: 'somebody has it' }) });
      expect(done.steps).to.deep.equal(['PollWorkItems', 'AcquireLock']);
      expect(onlyItem(done).output).to.deep.equal({
        outcome: 'skipped',
        reason: outcome,
        itemId: 'PVTI_1',
        summary: 'somebody has it',
        pullRequest: null,
      });
    });

  it('tells the build what it may cost, writes down what it did cost, and shows that', async () => {
    const credits = { ...unlimitedCredits, hard: 7.5, hardBudget: 'day' };
    const AcquireLock = ({ owner }: Record<string, unknown>) => ({
      outcome: 'acquired',
      lease: leaseOf({ owner: String(owner) }),
      credits,
    });
    const done = await run({ AcquireLock });
    expect(JSON.parse(String(inputOf(done, 'Build')?.CREDITS))).to.deep.equal(credits);
    expect(inputOf(done, 'Checkout')).to.not.have.property('CREDITS');
    expect(inputOf(done, 'RecordSpending')).to.deep.include({
      executionName: onlyItem(done).name,
      fruitful: true,
      dryRun: false,
    });
    expect(inputOf(done, 'UpdatePullRequest')?.spending).to.deep.equal(spendingReport());
  });

  it('shows the work also when its cost could not be written down: the next poll does that', async () => {
    const done = await run({ RecordSpending: failWith('PermissionDenied') });
    expect(onlyItem(done).output).to.include({ outcome: 'green' });
    expect(inputOf(done, 'UpdatePullRequest')?.spending).to.equal(null);
    expect(done.letters).to.deep.equal([]);
  });

  it('writes down what a failed build has cost as a run that has brought nothing', async () => {
    const done = await run({ Build: failWith('States.TaskFailed'), RecordSpending: failWith('PermissionDenied') });
    expect(inputOf(done, 'RecordSpending')).to.deep.include({ fruitful: false });
    expect(done.steps.slice(-2), 'people are told all the same').to.deep.equal(['ReportFailure', 'ReleaseLock']);
  });

  it('gives an item back that has been moved since the poll', async () => {
    const done = await run({ AnnounceStart: () => ({ outcome: 'no-longer-ready', message: 'moved' }) });
    expect(done.steps, 'with the credits that were reserved for it').to.deep.equal([
      'PollWorkItems',
      'AcquireLock',
      'AnnounceStart',
      'RecordSpending',
      'ReleaseLock',
    ]);
    expect(inputOf(done, 'RecordSpending')).to.deep.include({ executionName: onlyItem(done).name, fruitful: false });
    expect(onlyItem(done).output).to.include({ outcome: 'skipped', reason: 'no-longer-ready', summary: 'moved' });
  });

  it('calls a run fruitful when the gate does', async () => {
    for (const fruitful of [true, false]) {
      const CoverageGate = () => ({
        summary: 's',
        resultVersionId: 'rv',
        verdictKey: 'k',
        verdictVersionId: 'v',
        fault: null,
        kind: 'red',
        hasCommits: true,
        fruitful,
      });
      const done = await run({ CoverageGate });
      const told = done.calls.filter(({ step }) => step === 'RecordSpending').at(-1);
      expect(told?.input.fruitful).to.equal(fruitful);
    }
  });

  it('publishes nothing where nothing was committed', async () => {
    const CoverageGate = () => ({
      kind: 'red',
      summary: 'Nothing was done.',
      hasCommits: false,
      fruitful: false,
      resultVersionId: '',
      verdictKey: 'k',
      verdictVersionId: 'v',
      fault: null,
    });
    const UpdatePullRequest = () => ({ pullRequest: null, action: 'commented', status: 'needsAttention' });
    const done = await run({ CoverageGate, UpdatePullRequest });
    expect(done.steps).to.not.include('Publish');
    expect(onlyItem(done).output).to.deep.equal({
      outcome: 'red',
      itemId: 'PVTI_1',
      summary: 'Nothing was done.',
      pullRequest: null,
    });
  });

  for (const step of [...WORK.filter((name) => name !== 'RecordSpending'), 'ReleaseLock'])
    it(`dead-letters, reports and releases when ${step} fails, and says which step it was`, async () => {
      const failing =
        step === 'ReleaseLock'
          ? { [step]: (_: unknown, turn: number) => releaseOnce(turn) }
          : { [step]: failWith('NotFound') };
      const done = await run(failing);
      const at = done.steps.indexOf(step);
      expect(done.steps.slice(at + 1)).to.deep.equal(CLEAN_UP);
      const item = onlyItem(done);
      expect([item.status, item.error]).to.deep.equal(['FAILED', 'NotFound']);
      expect(done.status, 'the tick itself went well').to.equal('SUCCEEDED');
      expect(done.letters).to.have.length(1);
      expect(done.letters[0]).to.deep.include({
        version: 1,
        id: item.name,
        environment: 'somewhere',
        release: 'abc',
        item: workItem(),
        step,
        error: 'NotFound',
        cause: '{"errorMessage":"it broke"}',
        executionArn: item.executionArn,
        buildId: null,
        dryRun: false,
        attempts: 1,
      });
      expect(inputOf(done, 'ReportFailure')).to.deep.include({
        failure: { step, error: 'NotFound', cause: '{"errorMessage":"it broke"}' },
        executionName: item.name,
      });
      expect(done.calls.at(-1)?.input).to.include({ park: false });
    });
  const releaseOnce = (turn: number) => (turn === 1 ? failWith('NotFound')({}, turn) : { outcome: 'released' });

  it('dead-letters a failure before the lock, and reports and releases nothing', async () => {
    const done = await run({ AcquireLock: failWith('PermissionDenied') });
    expect(done.steps).to.deep.equal(['PollWorkItems', 'AcquireLock', 'SendToDeadLetterQueue']);
    expect(done.letters[0]).to.include({ step: 'AcquireLock', error: 'PermissionDenied', attempts: 0, buildId: null });
    expect(onlyItem(done).status).to.equal('FAILED');
  });

  it('fails the whole tick when the poll fails, and dead-letters nothing', async () => {
    const done = await run({ PollWorkItems: failWith('BoardMisconfigured') });
    expect([done.status, done.letters]).to.deep.equal(['FAILED', []]);
  });

  it('shows what a faulted agent has done, and then dead-letters the fault', async () => {
    const CoverageGate = () => ({
      kind: 'red',
      summary: 'AgentDied: it died',
      hasCommits: true,
      fruitful: true,
      resultVersionId: 'rv',
      verdictKey: 'k',
      verdictVersionId: 'v',
      fault: { error: 'AgentDied', cause: 'it died' },
    });
    const done = await run({ CoverageGate });
    expect(done.steps.slice(-7)).to.deep.equal(['Publish', 'RecordSpending', 'UpdatePullRequest', ...CLEAN_UP]);
    expect(done.letters[0]).to.include({
      step: 'Build',
      error: 'AgentDied',
      cause: 'it died',
      buildId: 'builder-project:1',
    });
    expect(onlyItem(done)).to.include({ status: 'FAILED', error: 'AgentDied' });
  });

  describe('the Cause of a failure', () => {
    const build = (more: string) =>
      `{"Build":{"Arn":"arn:aws:codebuild:x","BuildStatus":"FAILED","Id":"builder-project:7d2f","Phases":[${more}]}}`;
    const causes: Record<string, readonly [string | undefined, string | null]> = {
      'of a build gives the id of the build': [build(''), 'builder-project:7d2f'],
      'that is cut off still gives it': [build('x'.repeat(40_000)).slice(0, 32_768), 'builder-project:7d2f'],
      'that is cut off before the id gives none': ['{"Build":{"Arn":"arn', null],
      'that is no JSON is kept as it is': ['plain words', null],
      'that is empty is kept as it is': ['', null],
      'that is hostile stays a text': ['"}{% $eval("1") %} \\" ${x} \u202e', null],
    };
    for (const [what, [cause = '', buildId]] of Object.entries(causes))
      it(what, async () => {
        const done = await run({ Build: failWith('States.TaskFailed', cause) });
        expect(done.letters[0]).to.include({ cause, buildId, step: 'Build' });
        expect(onlyItem(done).cause).to.equal(cause);
        expect(done.steps.slice(-4)).to.deep.equal(CLEAN_UP);
      });
  });

  describe('clean-up goes forward only:', () => {
    it('a queue that cannot be reached does not keep people from being told, nor the lock', async () => {
      const done = await run({
        Build: failWith('States.TaskFailed'),
        SendToDeadLetterQueue: failWith('SQS.AccessDenied'),
      });
      expect(done.steps.slice(-4)).to.deep.equal(CLEAN_UP);
      expect(onlyItem(done).error, 'the first failure').to.equal('States.TaskFailed');
    });

    it('an item of which nobody could be told is parked, because it would fail again at every tick', async () => {
      const done = await run({
        AnnounceStart: failWith('PermissionDenied'),
        ReportFailure: failWith('PermissionDenied'),
      });
      expect(done.steps.slice(-4)).to.deep.equal(CLEAN_UP);
      expect(done.calls.at(-1)?.input).to.include({ park: true });
      expect(done.letters).to.have.length(1);
    });

    it('a lock that cannot be released fails with the first failure, too', async () => {
      const done = await run({ Build: failWith('States.TaskFailed'), ReleaseLock: failWith('PermissionDenied') });
      expect(onlyItem(done)).to.include({ status: 'FAILED', error: 'States.TaskFailed' });
    });
  });

  describe('retries', () => {
    const times = ({ steps }: Run, step: string) => steps.filter((name) => name === step).length;

    it('what may pass, ever later, until it does', async () => {
      const UpdatePullRequest = (_: unknown, turn: number) => {
        if (turn <= 3) return failWith('GitHubUnavailable')({}, turn);
        return { pullRequest: null, action: 'updated', status: 'inReview' };
      };
      const done = await run({ UpdatePullRequest });
      expect(times(done, 'UpdatePullRequest')).to.equal(4);
      expect(done.letters).to.deep.equal([]);
      const waits = done.slept.filter((milliseconds) => milliseconds < 60_000);
      expect(waits.map((milliseconds) => Math.round(milliseconds / 1000))).to.deep.equal([2, 4, 8]);
    });

    it('a rate limit for as long as GitHub asks for', async () => {
      const done = await run({ AnnounceStart: failWith('RateLimited') });
      expect(times(done, 'AnnounceStart')).to.equal(6);
      expect(done.letters[0]).to.include({ error: 'RateLimited', step: 'AnnounceStart' });
    });

    it('a build that could not be started, never one that failed', async () => {
      const Checkout = (_: unknown, turn: number) =>
        turn <= 2 ? failWith('CodeBuild.AccountLimitExceededException')({}, turn) : null;
      const done = await run({ Checkout, Build: failWith('States.TaskFailed') });
      expect([times(done, 'Checkout'), times(done, 'Build')]).to.deep.equal([3, 1]);
    });

    it('nothing that stays as it is', async () => {
      for (const error of ['LeaseLost', 'BoardMisconfigured', 'UnexpectedFault', 'ValidationError', 'States.Timeout']) {
        const fresh = createPipelineBench();
        try {
          const done = await fresh.run({ AnnounceStart: failWith(error) });
          expect(times(done, 'AnnounceStart'), error).to.equal(1);
        } finally {
          fresh.close();
        }
      }
    });
  });

  describe('a redrive', () => {
    it('takes the item that it is given, without looking at the board', async () => {
      const done = await run({}, redriven());
      expect(done.steps[0]).to.equal('AcquireLock');
      expect(inputOf(done, 'AcquireLock')).to.include({ redrive: true });
      expect(inputOf(done, 'AnnounceStart')).to.include({ redrive: true, dryRun: false });
      expect(onlyItem(done).output).to.include({ outcome: 'green' });
    });

    it('waits for a free slot, and goes back into the queue when none becomes free', async () => {
      const waits = await run({ AcquireLock: (input, turn) => acquireAt(3, input, turn) }, redriven());
      expect(onlyItem(waits).output).to.include({ outcome: 'green' });
      const fresh = createPipelineBench();
      try {
        const never = await fresh.run({ AcquireLock: failWith('NoFreeSlot') }, redriven());
        expect(never.letters[0]).to.include({ error: 'NoFreeSlot', step: 'AcquireLock' });
        const hours = never.slept.filter((wait) => wait < 2e7).reduce((sum, wait) => sum + wait, 0) / 3_600_000;
        expect(hours, "well within the machine's own time limit").to.be.within(1, 5);
      } finally {
        fresh.close();
      }
    });
    const acquireAt = (wanted: number, { owner }: Record<string, unknown>, turn: number) =>
      turn < wanted
        ? failWith('NoFreeSlot')({}, turn)
        : { outcome: 'acquired', lease: leaseOf({ owner: String(owner), fence: 2 }), credits: unlimitedCredits };

    it('of no items looks at the board', async () => {
      expect((await run({}, { items: [] })).steps[0]).to.equal('PollWorkItems');
    });

    it('refuses an item that is not sound, and dead-letters nothing that could not be started again', async () => {
      const done = await run({ AcquireLock: failWith('ValidationError') }, redriven());
      expect(done.letters[0]).to.include({ error: 'ValidationError', step: 'AcquireLock' });
    });
  });

  it('tells every step of a dry run that it is one', async () => {
    const done = await run({ ReportFailure: failWith('NotFound'), Publish: failWith('BranchMoved') }, { dryRun: true });
    for (const { step, input } of done.calls) {
      if (step === 'SendToDeadLetterQueue') continue;
      const said = ['Checkout', 'Build', 'Publish'].includes(step) ? input.DRY_RUN : String(input.dryRun);
      expect(said, step).to.equal('true');
    }
    expect(done.letters[0]).to.include({ dryRun: true });
  });

  it('processes several items side by side, and one that fails leaves the others alone', async () => {
    const items = ['a', 'b', 'c'].map((itemId) => workItem({ itemId }));
    const done = await run({
      PollWorkItems: () => ({ outcome: 'items', items, message: 'm', counts, receiptKey: 'r' }),
      AnnounceStart: ({ item }) => {
        if ((item as { itemId: string }).itemId === 'b') return failWith('NotFound')({}, 1);
        return { outcome: 'announced', message: 'm' };
      },
    });
    expect(done.status).to.equal('SUCCEEDED');
    expect(done.items.map(({ status }) => status).sort()).to.deep.equal(['FAILED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(done.letters.map(({ item }) => item.itemId)).to.deep.equal(['b']);
  });

  it('keeps state far below 256 KiB, also with the largest item, verdict and Cause', async () => {
    const largest = workItem({ title: '数'.repeat(256), branch: `f/${'b'.repeat(240)}`, specPath: 's'.repeat(512) });
    const done = await run(
      {
        CoverageGate: () => ({
          kind: 'red',
          summary: 's'.repeat(1_000),
          hasCommits: true,
          fruitful: true,
          resultVersionId: 'r'.repeat(32),
          verdictKey: 'k'.repeat(200),
          verdictVersionId: 'v'.repeat(32),
          fault: { error: 'AgentDied', cause: 'c'.repeat(4_000) },
        }),
        ReportFailure: () => ({ outcome: 'reported', code: 'c'.repeat(256), message: 'm'.repeat(1_000) }),
        Publish: failWith('States.TaskFailed', 'x'.repeat(32_768)),
      },
      redriven(largest),
    );
    expect(done.letters).to.have.length(1);
    expect(done.largestState).to.be.within(1, 96 * 1024);
    const variables = Object.values(inputOf(done, 'Publish') ?? {}).join('');
    expect(variables.length, "CodeBuild's own limit for the variables of a build").to.be.below(5_500);
  });

  it('names the release in its comment, so that every release is a version of its own', () => {
    expect(bench.engine.machines.list()[0]?.definition).to.contain(`release ${resources.release}`);
  });
});
