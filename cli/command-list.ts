import type { Command } from './command';
import { boardMove } from './commands/board-move';
import { breakerClose } from './commands/breaker-close';
import { budgetSet } from './commands/budget-set';
import { budgetShow } from './commands/budget-show';
import { dlqList } from './commands/dlq-list';
import { dlqRedrive } from './commands/dlq-redrive';
import { dlqShow } from './commands/dlq-show';
import { explain } from './commands/explain';
import { localReset } from './commands/local-reset';
import { run } from './commands/run';
import { start } from './commands/start';
import { ticks } from './commands/ticks';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [
  start,
  run,
  explain,
  ticks,
  dlqList,
  dlqShow,
  dlqRedrive,
  budgetShow,
  budgetSet,
  breakerClose,
  boardMove,
  localReset,
];
