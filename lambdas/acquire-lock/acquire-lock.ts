import type { CreditAllowance } from '../../domain/credit-allowance';
import type { CreditRefusal } from '../../domain/credit-gate';
import { type ErrorCode, WorkerError } from '../../domain/errors';
import type { Lease } from '../../domain/lease';
import { type SettleEndedDeps, settleEndedAccounts } from '../../domain/settle-ended-accounts';
import type { WorkItem } from '../../domain/work-item';
import type { Task } from '../_kit/contract';
import type { acquireLockContract } from './contract';

type Acquired =
  | { readonly outcome: 'acquired'; readonly lease: Lease }
  | { readonly outcome: 'held' | 'no-free-slot'; readonly message: string };

type Taking = { readonly item: WorkItem; readonly owner: string; readonly dryRun: boolean };
type Account = {
  readonly executionArn: string;
  readonly executionName: string;
  readonly item: WorkItem;
  readonly dryRun: boolean;
};

type Deps = SettleEndedDeps & {
  readonly locks: { readonly acquire: (taking: Taking) => Promise<Acquired> };
  readonly credits: {
    readonly reserve: (
      account: Account,
    ) => Promise<
      | { readonly outcome: 'reserved'; readonly allowance: CreditAllowance }
      | ({ readonly outcome: 'refused' } & CreditRefusal)
    >;
    readonly cancel: (executionName: string) => Promise<void>;
  };
};

/** The last part of an execution's ARN. */
const nameOf = (executionArn: string): string => executionArn.split(':').at(-1) ?? executionArn;

const CODES: Readonly<Record<CreditRefusal['reason'], ErrorCode>> = {
  BreakerOpen: 'BreakerOpen',
  BreakerTrial: 'BreakerOpen',
  DayBudgetUsedUp: 'CreditsUsedUp',
  DayBudgetReserved: 'CreditsUsedUp',
  ItemBudgetUsedUp: 'CreditsUsedUp',
};

const REMEDY = 'kiro-worker budget show says what is left and what to change; then redrive its dead letter.';

/** Takes credits, item and slot for `owner`; see the contract. Credits come first: an attempt that could pay for nothing is none. */
export const acquireLock: Task<typeof acquireLockContract, Deps> = async ({ redrive, ...taking }, deps) => {
  const { locks, credits } = deps;
  const { item, owner, dryRun } = taking;
  const executionName = nameOf(owner);
  // What an execution of this item that was killed has spent counts, also when no tick lies between.
  await settleEndedAccounts(
    (account) => account.item.itemId === item.itemId && account.executionName !== executionName,
    deps,
  );
  const reserved = await credits.reserve({ executionArn: owner, executionName, item, dryRun });
  if (reserved.outcome === 'refused') {
    if (redrive) throw new WorkerError(CODES[reserved.reason], reserved.message, REMEDY);
    return { outcome: 'no-credits', message: `${reserved.reason}: ${reserved.message}` };
  }
  const acquired = await locks.acquire(taking);
  if (acquired.outcome === 'acquired')
    return { outcome: 'acquired', lease: acquired.lease, credits: reserved.allowance };
  await credits.cancel(executionName);
  if (acquired.outcome === 'no-free-slot' && redrive)
    throw new WorkerError('NoFreeSlot', acquired.message, 'The redrive waits for a free slot.');
  return { outcome: acquired.outcome, message: acquired.message };
};
