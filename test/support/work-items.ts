import type { Lease } from '../../domain/lease';
import type { WorkItem } from '../../domain/work-item';

/** A work item that is complete and sound. */
export const workItem = (change: Partial<WorkItem> = {}): WorkItem => ({
  itemId: 'PVTI_1',
  projectId: 'PVT_1',
  issueId: 'I_1',
  issueNumber: 12,
  title: 'Add the cart',
  url: 'https://github.com/acme/shop/issues/12',
  repository: 'acme/shop',
  repositoryId: 'R_1',
  branch: 'feature/cart',
  baseBranch: 'main',
  specPath: '.kiro/specs/cart',
  priority: 'High',
  createdAt: '2026-10-01T09:00:00Z',
  ...change,
});

export const executionOf = (name: string): string =>
  `arn:aws:states:eu-west-1:111122223333:execution:kiro-worker-test/items:${name}`;

export const leaseOf = (change: Partial<Lease> = {}): Lease => ({
  itemId: 'PVTI_1',
  owner: executionOf('run-1'),
  fence: 1,
  attempt: 1,
  slot: 0,
  ...change,
});
