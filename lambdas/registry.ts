import type { TaskContract } from './_kit/contract';
import { acquireLockContract } from './acquire-lock/contract';
import { announceStartContract } from './announce-start/contract';
import { coverageGateContract } from './coverage-gate/contract';
import { pollWorkItemsContract } from './poll-work-items/contract';
import { recordSpendingContract } from './record-spending/contract';
import { releaseLockContract } from './release-lock/contract';
import { reportFailureContract } from './report-failure/contract';
import { updatePullRequestContract } from './update-pull-request/contract';

/** Every task of the pipeline. Functions, roles, settings, alarms and bundles come from this list. */
export const taskContracts = [
  pollWorkItemsContract,
  acquireLockContract,
  announceStartContract,
  coverageGateContract,
  recordSpendingContract,
  updatePullRequestContract,
  reportFailureContract,
  releaseLockContract,
] as readonly TaskContract[];
