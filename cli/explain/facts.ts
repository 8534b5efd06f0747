import type { ItemExecution } from '../../adapters/aws/item-executions';
import type { SlotView } from '../../adapters/aws/lock-view';
import type { BuildError } from '../../domain/build-result';
import type { Spent } from '../../domain/credit-budget';
import type { CreditPosition } from '../../domain/credit-gate';
import type { DeadLetter } from '../../domain/dead-letter';
import type { ExecutionLife, LockRow } from '../../domain/lock-row';
import type { Receipt, ReceiptEntry } from '../../domain/receipt';
import type { FoundItem } from './find-item';

export type Decided = ReceiptEntry & { readonly at: string; readonly tickArn: string };

/** All that is known of one item at one moment. Lists are newest first. */
export type Facts = {
  readonly environment: string;
  readonly now: Date;
  /** What has to be added to a command so that it is about this environment. */
  readonly option: string;
  readonly item: FoundItem;
  readonly ticks: readonly Omit<Receipt, 'entries'>[];
  /** Receipts that cannot be read: what is wrong with each. */
  readonly unreadable: readonly string[];
  readonly decisions: readonly Decided[];
  readonly lock: (LockRow & { readonly acquiredAt: string | null; readonly life: ExecutionLife }) | null;
  /** `life` is that of the owner; null: the slot is free. */
  readonly slots: readonly (SlotView & { readonly life: ExecutionLife | null })[];
  readonly executions: readonly (ItemExecution & { readonly spent: Spent | null })[];
  readonly deadLetters: readonly DeadLetter[];
  /** What the step itself wrote down that the newest dead letter is of; null when it left nothing. */
  readonly failure: BuildError | null;
  readonly position: CreditPosition;
  readonly spent: Spent;
};
