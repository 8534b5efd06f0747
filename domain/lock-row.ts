import type { WorkItem } from './work-item';

/**
 * What the lock table knows of one item. `free`: nobody works on it. `held`: an execution does. `requeued`: its execution died and it is to be
 * taken up again, whatever the board says. `parked`: too many executions died; a person has to look at it.
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
  /** Parked only: the board could be written, so a later "Ready" is a person's word. */
  readonly boardTold: boolean;
};

/** Whether an execution still runs, as Step Functions says. `unknown`: it could not be asked. */
export type ExecutionLife = 'running' | 'ended' | 'unknown';
