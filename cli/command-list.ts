import type { Command } from './command';
import { agentAdd } from './commands/agent-add';
import { agentList } from './commands/agent-list';
import { boardMove } from './commands/board-move';
import { dlqList } from './commands/dlq-list';
import { dlqRedrive } from './commands/dlq-redrive';
import { dlqShow } from './commands/dlq-show';
import { doctor } from './commands/doctor';
import { localReset } from './commands/local-reset';
import { run } from './commands/run';
import { start } from './commands/start';
import { steeringPack } from './commands/steering-pack';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [
  start,
  run,
  doctor,
  dlqList,
  dlqShow,
  dlqRedrive,
  agentAdd,
  agentList,
  boardMove,
  steeringPack,
  localReset,
];
