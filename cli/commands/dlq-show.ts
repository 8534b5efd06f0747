import { exitCodes } from '../../domain/errors';
import { plainLine, visibleText } from '../../domain/markdown';
import type { Command } from '../command';
import { composeDeadLetters } from '../compose';
import { whyOf } from '../dead-letters';
import { findDeadLetter } from '../find-dead-letter';
import { samePlace } from '../state-folder';

export const dlqShow: Command = {
  name: 'dlq show',
  summary: 'Shows everything that is known about one failed item',
  usage: 'dlq show ID [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: {
    env: 'ENVIRONMENT in AWS; without it the local state is meant',
    state: 'FOLDER of the local state; default .kiro-worker',
  },
  positionals: ['ID'],
  jsonTakesFile: false,
  run: async (input, context) => {
    const deadLetters = await composeDeadLetters(input, context);
    try {
      const letter = await findDeadLetter(deadLetters, input.positionals[0] ?? '');
      const evidence = await deadLetters.evidence(letter);
      if (input.json) {
        context.print(JSON.stringify({ deadLetter: letter, evidence }, null, 2));
        return exitCodes.success;
      }
      const logs: (readonly [string, string])[] = [];
      for (const { name, key } of evidence?.logs ?? [])
        logs.push(['log', `${name}: ${await deadLetters.placeOf(letter, key)}`]);
      const rows: readonly (readonly [string, string])[] = [
        ['item', `#${letter.item.issueNumber} ${plainLine(letter.item.title)}`],
        ['branch', `${letter.item.branch} of ${letter.item.repository}`],
        ['spec', letter.item.specPath],
        ['step', letter.step],
        ['why', whyOf(letter, evidence)],
        ['what to do', evidence?.remedy || 'Mend the cause, then redrive.'],
        ...logs,
        ['build', letter.buildId ?? '–'],
        ['execution', letter.executionArn],
        ['attempts', String(letter.attempts)],
        ['release', letter.release],
        ['failed at', letter.failedAt],
      ];
      for (const [name, value] of rows) context.print(`${name.padEnd(10)}  ${visibleText(value)}`);
      context.print(`\nTo start it again: npx kiro-worker dlq redrive ${letter.id}${samePlace(input)}`);
      return exitCodes.success;
    } finally {
      await deadLetters.close();
    }
  },
};
