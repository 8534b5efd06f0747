import { expect } from 'chai';
import { collectReportItems } from '../../../local/report/collect-report-items';

describe('collectReportItems', () => {
  const MANY = 5_000;
  const receipt = (minute: number, decisionOf: (at: number) => string) =>
    JSON.stringify({
      version: 1,
      environment: 'test',
      release: 'r1',
      executionArn: 'arn:poll',
      startedAt: `2026-11-01T10:0${minute}:00.000Z`,
      outcome: 'waiting',
      requests: 1,
      freeSlots: 1,
      message: 'm',
      entries: Array.from({ length: MANY }, (_, at) => ({
        itemId: `PVTI_${at}`,
        title: 't',
        url: null,
        status: 'Ready',
        decision: decisionOf(at),
        reason: `Minute${minute}`,
        message: 'm',
      })),
    });
  const collect = (receipts: readonly string[]) =>
    collectReportItems({
      board: Array.from({ length: MANY }, (_, at) => ({
        itemId: `PVTI_${at}`,
        repository: null,
        number: at + 1,
        title: 't',
        status: 'Ready',
        branch: null,
      })),
      pullRequests: [],
      executions: Array.from({ length: 300 }, (_, at) => ({
        executionArn: `arn:${at}`,
        name: `run-${at}`,
        status: 'FAILED',
        input: JSON.stringify({ item: { itemId: `PVTI_${at % 200}` } }),
        error: `Error${at}`,
      })),
      history: () => [],
      readObject: async () => null,
      receipts,
      deadLetters: [],
    });

  it('says of each item what its newest execution, or else the newest receipt that did not take it, says', async () => {
    const items = await collect([receipt(2, (at) => (at === 300 ? 'taken' : 'waiting')), receipt(1, () => 'refused')]);
    const told = (at: number) => [items[at]?.outcome, items[at]?.reason?.code, items[at]?.executions];
    expect(told(0)).to.deep.equal(['failed', 'Error0', 2]);
    expect(told(150)).to.deep.equal(['failed', 'Error150', 1]);
    expect(told(300), 'the newest has taken it').to.deep.equal(['refused', 'Minute1', 0]);
    expect(told(301)).to.deep.equal(['skipped', 'Minute2', 0]);
  });

  it('takes seconds for a board of thousands that nothing was begun on', async function () {
    this.timeout(15_000);
    const ten = Array.from({ length: 10 }, (_, minute) => receipt(minute, () => 'waiting'));
    expect(await collect(ten)).to.have.length(MANY);
  });
});
