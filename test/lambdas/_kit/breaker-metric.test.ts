import { expect } from 'chai';
import { withBreakerMetric } from '../../../lambdas/_kit/breaker-metric';
import { locksBench } from '../../support/locks-table';
import { agentRun, ledgerOf } from '../../support/spendings';
import { workItem } from '../../support/work-items';

describe('withBreakerMetric', () => {
  const bench = locksBench();

  it('says that the circuit breaker opens of the settlement that opens it, and of none before and after', async () => {
    let alarms = 0;
    const ledger = withBreakerMetric(ledgerOf(bench().table, { breakerRuns: 2 }), () => {
      alarms += 1;
    });
    const alarmsAfter = async (executionName: string, fruitful: boolean) => {
      const account = { executionName, item: workItem(), dryRun: false };
      await ledger.settle({ account, runs: [agentRun('1', 1)], fruitful });
      return alarms;
    };
    expect(await alarmsAfter('run-0', true)).to.equal(0);
    expect(await alarmsAfter('run-1', false)).to.equal(0);
    expect(await alarmsAfter('run-2', false)).to.equal(1);
    expect(await alarmsAfter('run-3', false), 'it is open already').to.equal(1);
  });
});
