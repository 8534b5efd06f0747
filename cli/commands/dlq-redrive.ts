import { exitCodes, WorkerError } from '../../domain/errors';
import { plainLine } from '../../domain/markdown';
import type { Command } from '../command';
import { composeDeadLetters } from '../compose';
import { findDeadLetter } from '../find-dead-letter';
import { redriveDeadLetter } from '../redrive-dead-letter';
import { samePlace } from '../state-folder';

export const dlqRedrive: Command = {
  name: 'dlq redrive',
  summary: 'Starts a failed item again; --all: every one',
  usage: 'dlq redrive (ID | --all) [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    all: 'every dead letter, oldest first',
    env: 'ENVIRONMENT in AWS; without it the local state is meant',
    state: 'FOLDER of the local state; default .kiro-worker',
  },
  positionals: ['[ID]'],
  jsonTakesFile: false,
  run: async (input, context) => {
    const [id] = input.positionals;
    if ((id === undefined) === (input.options.all !== true))
      throw new WorkerError(
        'ValidationError',
        'Name one dead letter, or --all.',
        `Usage: kiro-worker ${dlqRedrive.usage}`,
      );
    const deadLetters = await composeDeadLetters(input, context);
    try {
      const letters = id === undefined ? await deadLetters.list() : [await findDeadLetter(deadLetters, id)];
      const results = [];
      for (const letter of letters) {
        if (context.signal.aborted) break;
        const result = await redriveDeadLetter(letter, deadLetters);
        results.push({ id: letter.id, issueNumber: letter.item.issueNumber, ...result });
        if (!input.json)
          context.print(
            `#${letter.item.issueNumber} ${plainLine(letter.item.title)}: ${result.outcome}${result.ended ? `, ${result.ended}` : ''}`,
          );
      }
      if (input.json) context.print(JSON.stringify({ redriven: results }, null, 2));
      else if (letters.length === 0) context.print('The dead-letter queue is empty.');
      if (context.signal.aborted) return exitCodes.interrupted;
      if (!input.json && results.some(({ ended }) => ended === 'failed'))
        context.print(`\nWhat failed, and why: npx kiro-worker dlq list${samePlace(input)}`);
      return results.some(({ ended }) => ended === 'failed' || ended === 'red')
        ? exitCodes.itemsNotGreen
        : exitCodes.success;
    } finally {
      await deadLetters.close();
    }
  },
};
