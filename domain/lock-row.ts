import type { WorkItem } from './work-item';

/**
 * What the lock table knows of one item. `free`: nobody works on it. `held`: an execution does. `requeued`: its execution died and it is to be
 * taken up again, whatever the board says. `parked`: a person has to look at it before it starts again.
 */
export type LockState = 'free' | 'held' | 'requeued' | 'parked';

export type LockRow = {
  readonly itemId: string;
  readonly state: LockState;
  readonly owner: string;
  readonly fence: number;
  readonly attempts: number;
  readonly slot: number;
  readonly item: WorkItem;
  /** Its holder is a dry run: nothing is to come of its end. */
  readonly dryRun: boolean;
  /** Its holder was about to show the item as in progress, or has done so. */
  readonly begun: boolean;
  /** Parked only: the board could be written, so a later "Ready" is a person's word. */
  readonly boardTold: boolean;
};

/**
 * What Step Functions says of an execution. `died`: aborted, timed out, or unknown to it; none of its clean-up ran. `unknown`: Step
 * Functions could not be asked, so nobody may take anything from it.
 */
export type ExecutionLife = 'running' | 'succeeded' | 'failed' | 'died' | 'unknown';

/** Whether what the execution holds may be taken from it. */
export const hasEnded = (life: ExecutionLife): boolean => life !== 'running' && life !== 'unknown';
