import { type BreakerRecord, freshBreaker, noteRun } from '../../domain/circuit-breaker';
import type { CreditAllowance } from '../../domain/credit-allowance';
import { budgetDayOf, type CreditBudget, roundCredits, type Spent } from '../../domain/credit-budget';
import {
  allowanceOf,
  type CreditPosition,
  type CreditRefusal,
  environmentRefusal,
  itemRefusal,
} from '../../domain/credit-gate';
import { type AgentSpending, spentByDay, spentOfRuns } from '../../domain/spending';
import { changeRow } from './change-row';
import {
  accountAttribute,
  type BreakerTelling,
  breakerIn,
  creditKeys,
  type OpenAccount,
  openAccountsIn,
  type SettledAccount,
  settledAccountsIn,
  spentIn,
  tellingIn,
} from './credit-rows';
import { type Attributes, type LockTable, text } from './lock-table';

export type Reservation =
  | { readonly outcome: 'reserved'; readonly allowance: CreditAllowance }
  | ({ readonly outcome: 'refused' } & CreditRefusal);

export type Settlement = {
  readonly account: Pick<OpenAccount, 'executionName' | 'item' | 'dryRun'>;
  readonly runs: readonly AgentSpending[];
  /** A task that the execution has finished arrived on its branch; of a dry run: would have arrived. */
  readonly fruitful: boolean;
};

/** What was spent, and whether this very execution has opened the circuit breaker. */
export type Settled = {
  readonly spent: Spent;
  readonly spentOfItem: Spent;
  readonly position: CreditPosition;
  readonly openedBreaker: boolean;
};

/**
 * The money of an environment, in the locks table. Every execution opens an account before it begins and settles it when it has ended; each row
 * has an attribute per execution, so repeating either counts nothing twice. Whatever ends without settling stays open until a poll settles it.
 */
export type CreditLedger = {
  readonly position: () => Promise<CreditPosition>;
  readonly spentOf: (itemId: string) => Promise<Spent>;
  readonly accountsOf: (itemId: string) => Promise<readonly SettledAccount[]>;
  readonly openAccounts: () => Promise<readonly OpenAccount[]>;
  /** Opens the account, unless the budget or the circuit breaker refuses. Repeating it gives the same allowance. */
  readonly reserve: (account: Omit<OpenAccount, 'allowance' | 'openedAt'>) => Promise<Reservation>;
  /** Closes an account of an execution that has not begun after all. */
  readonly cancel: (executionName: string) => Promise<void>;
  readonly settle: (settlement: Settlement) => Promise<Settled>;
  readonly closeBreaker: () => Promise<void>;
  /** The run that has opened the circuit breaker, until `breakerTold` says that its issue knows, or it is closed. */
  readonly untoldBreaker: () => Promise<BreakerTelling | null>;
  readonly breakerTold: (executionName: string) => Promise<void>;
};

type Deps = {
  readonly table: Pick<LockTable, 'read' | 'update'>;
  readonly budget: () => Promise<CreditBudget>;
  readonly now: () => Date;
};

/** What one execution has spent, as it is written down; the first word on it holds. */
const note = async (
  key: string,
  { account, fruitful }: Settlement,
  spent: Spent,
  { table, now }: Deps,
): Promise<void> => {
  const name = accountAttribute(account.executionName);
  const at = now().toISOString();
  const settled: SettledAccount = { executionName: account.executionName, ...spent, at, fruitful };
  await table.update({
    key,
    set: { [name]: text(JSON.stringify(settled)) },
    condition: `attribute_not_exists(#${name})`,
  });
};

/** A dry run that finishes tasks says nothing about whether work arrives: it neither counts nor closes. */
const teachesBreaker = ({ account, fruitful }: Settlement, spent: Spent): boolean =>
  (spent.known > 0 || spent.unknownRuns > 0) && !(account.dryRun && fruitful);

/** Whom to tell is written down together with the opening, so that neither a crash nor GitHub can lose it. */
const noteAtBreaker = ({ account, fruitful }: Settlement, deps: Deps): Promise<BreakerRecord> =>
  changeRow(
    creditKeys.breaker,
    async (row) => {
      const { executionName, item, dryRun } = account;
      const run = {
        execution: executionName,
        itemId: item.itemId,
        fruitless: !fruitful,
        at: deps.now().toISOString(),
      };
      const before = breakerIn(row);
      const after = noteRun(before, run, await deps.budget());
      if (after === before) return { change: null, result: after };
      const set = { record: text(JSON.stringify(after)) };
      const opens = after.opened?.execution === executionName;
      const untold: BreakerTelling = { executionName, item };
      if (opens && !dryRun) return { change: { set: { ...set, untold: text(JSON.stringify(untold)) } }, result: after };
      return { change: { set, ...(after.opened ? {} : { remove: ['untold'] }) }, result: after };
    },
    deps.table,
  );

const closeAccount = (executionName: string, { table }: Deps): Promise<void> => {
  const name = accountAttribute(executionName);
  return changeRow(
    creditKeys.open,
    async (row) => ({ change: row?.[name] ? { remove: [name] } : null, result: undefined }),
    table,
  );
};

const readPosition = async (open: Attributes | null, { table, budget, now }: Deps): Promise<CreditPosition> => {
  const day = budgetDayOf(now());
  const accounts = openAccountsIn(open);
  return {
    budget: await budget(),
    day,
    spentToday: spentIn(await table.read(creditKeys.day(day))),
    reserved: roundCredits(accounts.reduce((sum, { allowance }) => sum + (allowance.hard ?? 0), 0)),
    openAccounts: accounts.length,
    breaker: breakerIn(await table.read(creditKeys.breaker)),
  };
};

export const creditLedger = (deps: Deps): CreditLedger => {
  const { table, now } = deps;
  const position = async () => readPosition(await table.read(creditKeys.open), deps);
  const spentOf = async (itemId: string) => spentIn(await table.read(creditKeys.item(itemId)));

  const reserve: CreditLedger['reserve'] = (account) => {
    const name = accountAttribute(account.executionName);
    return changeRow<Reservation>(
      creditKeys.open,
      async (row) => {
        const own = openAccountsIn(row).find(({ executionName }) => executionName === account.executionName);
        if (own) return { change: null, result: { outcome: 'reserved', allowance: own.allowance } };
        const at = await readPosition(row, deps);
        const spent = await spentOf(account.item.itemId);
        const refusal = environmentRefusal(at, now()) ?? itemRefusal(spent, at.budget);
        if (refusal) return { change: null, result: { outcome: 'refused', ...refusal } };
        const allowance = allowanceOf(spent, at);
        const opened: OpenAccount = { ...account, allowance, openedAt: now().toISOString() };
        return {
          change: { set: { [name]: text(JSON.stringify(opened)) } },
          result: { outcome: 'reserved', allowance },
        };
      },
      table,
    );
  };

  const settle: CreditLedger['settle'] = async (settlement) => {
    const { account, runs } = settlement;
    const spent = spentOfRuns(runs);
    if (runs.length > 0) {
      await note(creditKeys.item(account.item.itemId), settlement, spent, deps);
      for (const [day, ofDay] of spentByDay(runs)) await note(creditKeys.day(day), settlement, ofDay, deps);
    }
    const breaker = teachesBreaker(settlement, spent) ? await noteAtBreaker(settlement, deps) : null;
    await closeAccount(account.executionName, deps);
    return {
      spent,
      spentOfItem: await spentOf(account.item.itemId),
      position: await position(),
      openedBreaker: breaker?.opened?.execution === account.executionName,
    };
  };

  return {
    position,
    spentOf,
    accountsOf: async (itemId) => settledAccountsIn(await table.read(creditKeys.item(itemId))),
    openAccounts: async () => openAccountsIn(await table.read(creditKeys.open)),
    reserve,
    cancel: (executionName) => closeAccount(executionName, deps),
    settle,
    closeBreaker: async () => {
      await changeRow(
        creditKeys.breaker,
        async () => ({
          change: { set: { record: text(JSON.stringify(freshBreaker)) }, remove: ['untold'] },
          result: undefined,
        }),
        table,
      );
    },
    untoldBreaker: async () => tellingIn(await table.read(creditKeys.breaker)),
    breakerTold: (executionName) =>
      changeRow(
        creditKeys.breaker,
        async (row) => ({
          change: tellingIn(row)?.executionName === executionName ? { remove: ['untold'] } : null,
          result: undefined,
        }),
        table,
      ),
  };
};
