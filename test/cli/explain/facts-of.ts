import type { Decided, Facts } from '../../../cli/explain/facts';
import { freshBreaker } from '../../../domain/circuit-breaker';
import { defaultCreditBudget, nothingSpent } from '../../../domain/credit-budget';
import type { DeadLetter } from '../../../domain/dead-letter';
import { deadLetterOf } from '../../support/dead-letters';
import { executionOf, workItem } from '../../support/work-items';

export const TICK = '2026-11-01T10:00:00.000Z';
export const EARLIER = '2026-11-01T09:55:00.000Z';

export const tick = (change: Partial<Facts['ticks'][number]> = {}): Facts['ticks'][number] => ({
  version: 1,
  environment: 'test',
  release: 'r1',
  executionArn: 'arn:tick',
  startedAt: TICK,
  outcome: 'waiting',
  dryRun: false,
  requests: 2,
  freeSlots: 0,
  message: 'Everything has to wait: 1 waiting, 0 refused.',
  counts: null,
  unlisted: 0,
  ...change,
});

export const decided = (change: Partial<Decided> = {}): Decided => ({
  itemId: 'PVTI_1',
  title: 'Add the cart',
  url: 'https://github.com/acme/shop/issues/12',
  decision: 'waiting',
  reason: 'NoFreeSlot',
  message: 'Waits for its turn, number 3 in line: 1 slot free.',
  at: TICK,
  tickArn: 'arn:tick',
  ...change,
});

export const lock = (change: Partial<NonNullable<Facts['lock']>> = {}): NonNullable<Facts['lock']> => ({
  itemId: 'PVTI_1',
  state: 'held',
  owner: executionOf('run-1'),
  fence: 4,
  attempts: 2,
  slot: 0,
  item: workItem(),
  dryRun: false,
  begun: true,
  boardTold: false,
  acquiredAt: EARLIER,
  life: 'running',
  ...change,
});

export const execution = (change: Partial<Facts['executions'][number]> = {}): Facts['executions'][number] => ({
  executionArn: executionOf('run-1'),
  name: 'run-1',
  status: 'SUCCEEDED',
  itemId: 'PVTI_1',
  startedAt: '2026-11-01T10:00:01.000Z',
  endedAt: '2026-11-01T10:10:00.000Z',
  outcome: 'green',
  reason: '',
  message: 'Tests and coverage are good.',
  spent: { known: 2, unknownRuns: 1 },
  ...change,
});

export const deadLetter = (change: Partial<DeadLetter> = {}): DeadLetter =>
  deadLetterOf('letter-1', { executionArn: executionOf('run-1'), failedAt: '2026-11-01T10:05:00.000Z', ...change });

export const slot = (change: Partial<Facts['slots'][number]> = {}): Facts['slots'][number] => ({
  slot: 0,
  owner: executionOf('other'),
  itemId: 'PVTI_9',
  life: 'running',
  ...change,
});

/** An item that waits for its turn, five minutes after the tick that said so. */
export const factsOf = (change: Partial<Facts> = {}): Facts => ({
  environment: 'test',
  now: new Date('2026-11-01T10:05:00.000Z'),
  option: ' --env test',
  item: { itemId: 'PVTI_1', title: 'Add the cart', url: 'https://github.com/acme/shop/issues/12' },
  ticks: [tick()],
  unreadable: [],
  decisions: [decided()],
  lock: null,
  slots: [slot()],
  executions: [],
  deadLetters: [],
  failure: null,
  position: {
    budget: defaultCreditBudget,
    day: '2026-11-01',
    spentToday: nothingSpent,
    reserved: 0,
    openAccounts: 0,
    breaker: freshBreaker,
  },
  spent: nothingSpent,
  ...change,
});
