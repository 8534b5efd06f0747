import { exitCodes } from '../../domain/errors';
import type { Command } from '../command';
import { composeDeadLetters } from '../compose';
import { renderTable, shorten } from '../render/table';

export const dlqList: Command = {
  name: 'dlq list',
  summary: 'Shows the items that failed, oldest first',
  usage: 'dlq list [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    env: 'ENVIRONMENT in AWS; without it the local state is meant',
    state: 'FOLDER of the local state; default .kiro-worker',
  },
  positionals: [],
  jsonTakesFile: false,
  run: async (input, context) => {
    const deadLetters = await composeDeadLetters(input, context);
    try {
      const letters = await deadLetters.list();
      if (input.json) context.print(JSON.stringify({ deadLetters: letters }, null, 2));
      else if (letters.length === 0) context.print('The dead-letter queue is empty.');
      else {
        const rows = letters.map((letter) => [
          letter.id,
          `#${letter.item.issueNumber} ${shorten(letter.item.title, 36)}`,
          letter.step,
          letter.error,
          letter.failedAt,
        ]);
        for (const line of renderTable(['id', 'item', 'step', 'error', 'failed at'], rows)) context.print(line);
        context.print('\nkiro-worker dlq show ID says why; kiro-worker dlq redrive ID starts the item again.');
      }
      return exitCodes.success;
    } finally {
      await deadLetters.close();
    }
  },
};
