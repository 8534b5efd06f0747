import { exitCodes } from '../../domain/errors';
import { cutText, plainLine } from '../../domain/markdown';
import type { Command } from '../command';
import { composeDeadLetters } from '../compose';
import { whyOf } from '../dead-letters';
import { renderTable } from '../render/table';
import { samePlace } from '../state-folder';

const WHY_WIDTH = 84;

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
        const rows: string[][] = [];
        for (const letter of letters) {
          const why = plainLine(whyOf(letter, await deadLetters.evidence(letter)));
          const item = `#${letter.item.issueNumber} ${cutText(plainLine(letter.item.title), 36)}`;
          rows.push([letter.id, item, letter.step, letter.failedAt, cutText(why, WHY_WIDTH)]);
        }
        for (const line of renderTable(['id', 'item', 'step', 'failed at', 'why'], rows)) context.print(line);
        context.print(`\nEverything about one:  npx kiro-worker dlq show ID${samePlace(input)}`);
        context.print(`To start it again:     npx kiro-worker dlq redrive ID${samePlace(input)}`);
      }
      return exitCodes.success;
    } finally {
      await deadLetters.close();
    }
  },
};
