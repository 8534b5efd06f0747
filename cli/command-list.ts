import type { Command } from './command';
import { agentAdd } from './commands/agent-add';
import { agentList } from './commands/agent-list';
import { boardMove } from './commands/board-move';
import { breakerClose } from './commands/breaker-close';
import { budgetSet } from './commands/budget-set';
import { budgetShow } from './commands/budget-show';
import { dlqList } from './commands/dlq-list';
import { dlqRedrive } from './commands/dlq-redrive';
import { dlqShow } from './commands/dlq-show';
import { doctor } from './commands/doctor';
import { explain } from './commands/explain';
import { localReset } from './commands/local-reset';
import { run } from './commands/run';
import { start } from './commands/start';
import { steeringPack } from './commands/steering-pack';
import { ticks } from './commands/ticks';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [
  start,
  run,
  doctor,
  explain,
  ticks,
  dlqList,
  dlqShow,
  dlqRedrive,
  budgetShow,
  budgetSet,
  breakerClose,
  agentAdd,
  agentList,
  boardMove,
  steeringPack,
  localReset,
];
