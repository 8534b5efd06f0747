import { countOf } from '../domain/count-of';
import type { BudgetReport } from './budget-report';
import type { EnvironmentAccess } from './environment-access';

type Access = {
  readonly credits: Pick<EnvironmentAccess['credits'], 'openAccounts'>;
  readonly executionLife: EnvironmentAccess['executionLife'];
};

export type Accounts = BudgetReport['accounts'];

/** Executions that have begun and are not settled, and whether they still run. */
export const readAccounts = async ({ credits, executionLife }: Access): Promise<Accounts> =>
  Promise.all(
    (await credits.openAccounts()).map(async ({ executionArn, item, allowance }) => {
      const life = await executionLife(executionArn);
      const state = life === 'running' || life === 'unknown' ? life : 'ended';
      return { executionArn, itemId: item.itemId, reserved: allowance.hard, state } as const;
    }),
  );

/** What is reserved, for whom, and what becomes of it. */
export const describeReserved = (reserved: number, accounts: Accounts): string => {
  const count = (wanted: Accounts[number]['state']) => accounts.filter(({ state }) => state === wanted).length;
  const [running, ended, unknown] = [count('running'), count('ended'), count('unknown')];
  const parts = [
    ...(running > 0 ? [`${countOf(running, 'execution')} running`] : []),
    ...(ended > 0 ? [`${countOf(ended, 'execution')} ended and not settled: the next tick does that`] : []),
    ...(unknown > 0 ? [`${countOf(unknown, 'execution')} that could not be asked about`] : []),
  ];
  const what = reserved > 0 ? countOf(reserved, 'credit') : 'nothing';
  return parts.length === 0 ? 'nothing; no execution is running' : `${what}; ${parts.join(', ')}`;
};
