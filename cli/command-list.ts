import type { Command } from './command';
import { localReset } from './commands/local-reset';

/** Every command, in the order in which the help shows them. */
export const commands: readonly Command[] = [localReset];
