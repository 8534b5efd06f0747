import { expect } from 'chai';
import { WorkerError } from '../../../domain/errors';
import type { Fault } from '../../../local/github/faults';
import { failureOf } from '../../support/failure-of';
import { boardFields, NOW } from '../../support/github-bench';
import { executionOf } from '../../support/work-items';
import { pollBench } from './poll-bench';

const usedUp = /^GitHub's rate limit is used up until 2026-11-01T1\d:\d\d:\d\d/;
const tooMany =
  /^GitHub got too many requests from this token in a short time; it wants none until 2026-11-01T10:01:00/;

const limits: Record<string, readonly [Fault, RegExp]> = {
  '200 with RATE_LIMITED': [{ kind: 'rate-limit', status: 200 }, usedUp],
  '403 with retry-after': [{ kind: 'rate-limit', status: 403, retryAfterSeconds: 60 }, usedUp],
  'a secondary limit': [{ kind: 'secondary-limit', status: 403 }, tooMany],
  '429': [{ kind: 'secondary-limit', status: 429 }, tooMany],
};

describe('pollWorkItems, in hard times,', () => {
  const bench = pollBench();
  beforeEach(() => bench().github.plant({ rows: [{ number: 1 }, { number: 2, values: { Branch: ' ' } }] }));

  for (const [form, [fault, words]] of Object.entries(limits))
    for (const operation of ['OrganizationBoard', 'BoardItems', 'BranchFacts'])
      it(`ends the tick quietly when the rate limit comes as ${form} at ${operation}`, async () => {
        bench().github.github.faults.add({ ...fault, operation });
        const tick = await bench().poll();
        expect(tick).to.include({ outcome: 'rate-limited' });
        expect(tick.items).to.deep.equal([]);
        expect(tick.message).to.match(words);
        expect(tick.receipt).to.include({ outcome: 'rate-limited', message: tick.message, freeSlots: 1 });
        expect(tick.receipt.requests).to.be.greaterThan(0);
      });

  for (const status of [502, 504] as const)
    it(`ends the tick quietly on ${status}, with a receipt that says so`, async () => {
      bench().github.github.faults.add({ kind: 'unavailable', status, operation: 'BoardItems' });
      const tick = await bench().poll();
      expect(tick).to.deep.include({ outcome: 'github-unavailable', items: [] });
      const quiet = { outcome: 'github-unavailable', requests: 2, freeSlots: 1, startedAt: NOW.toISOString() };
      expect(tick.receipt).to.include(quiet);
      expect(tick.receipt.message).to.match(/^GitHub could not answer: /);
    });

  it('fails loudly, with the names that there are, when a field has been renamed', async () => {
    const settings = { fields: { status: 'Stage', priority: 'Priority', branch: 'Branch', spec: 'Spec' } };
    const error = await failureOf(bench().poll({ settings }));
    expect(error.name).to.equal('BoardMisconfigured');
    expect(error.message).to.match(/no field "Stage" .* it has "Title", "Status"/);
    expect(bench().receipts[0]?.outcome).to.equal('failed');
  });

  it('fails with what was wrong, not with the receipt that could not be written either', async () => {
    const broken = async () => Promise.reject(new WorkerError('BoardMisconfigured', 'not JSON'));
    const change = { settings: broken, receipts: { write: async () => Promise.reject(new Error('S3 is down')) } };
    expect((await failureOf(bench().poll({ change }))).name).to.equal('BoardMisconfigured');
  });

  it('starts nothing without a receipt', async () => {
    const change = { receipts: { write: async () => Promise.reject(new WorkerError('AwsUnavailable', 'S3 is down')) } };
    expect((await failureOf(bench().poll({ change }))).name).to.equal('AwsUnavailable');
  });

  it('fails when the settings cannot be read, with a receipt', async () => {
    const change = { settings: async () => Promise.reject(new WorkerError('BoardMisconfigured', 'not JSON')) };
    expect((await failureOf(bench().poll({ change }))).name).to.equal('BoardMisconfigured');
    expect(bench().receipts[0]).to.include({ outcome: 'failed', message: 'not JSON', requests: 0 });
  });

  it('says in a quiet tick what it has reconciled before', async () => {
    const locks = bench().locks().locks(1);
    await locks.acquire({ item: bench().item(1), owner: executionOf('run-1'), dryRun: false });
    bench().locks().executions.set(executionOf('run-1'), 'died');
    bench().github.github.faults.add({ kind: 'rate-limit', status: 200, operation: 'BoardItems' });
    const { receipt } = await bench().poll();
    expect(receipt.outcome).to.equal('rate-limited');
    expect(receipt.entries.map(({ title, decision }) => [title, decision])).to.deep.equal([['Issue 1', 'reconciled']]);
  });

  it('knows a board whose status field has another name', async () => {
    const [status, ...others] = boardFields;
    const stage = { ...status, name: 'Stage' } as (typeof boardFields)[number];
    const builtIn = { name: 'Status', type: 'single-select' as const, options: ['Unused'] };
    const rows = [
      { number: 1, values: { Stage: 'Ready' } },
      { number: 2, values: { Stage: 'Done' } },
    ];
    const named = rows.map(({ number, values }) => ({
      type: 'issue' as const,
      repository: 'acme/work',
      number,
      values: { ...values, Branch: `feature/${number}` },
    }));
    await bench().github.plant({ owner: 'staged', fields: [stage, ...others, builtIn], others: named });
    const fields = { status: 'Stage', priority: 'Priority', branch: 'Branch', spec: 'Spec' };
    expect((await bench().poll({ slots: 5, settings: { owner: 'staged', fields } })).numbers).to.deep.equal([1]);
  });
});
