import { exitCodes } from '../../domain/errors';
import type { Command } from '../command';
import { environmentOptions, withEnvironment } from '../environment-access';
import { explainItem } from '../explain/explain-item';
import { gatherFacts } from '../explain/gather-facts';
import { renderExplanation } from '../explain/render-explanation';

export const explain: Command = {
  name: 'explain',
  summary: 'Says why an item is, or is not, being worked on, and what would change that',
  usage: 'explain ITEM [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: environmentOptions,
  positionals: ['ITEM'],
  jsonTakesFile: false,
  run: (input, context) =>
    withEnvironment(input, context, async (access) => {
      const explanation = explainItem(await gatherFacts(input.positionals[0] ?? '', access));
      if (input.json) context.print(JSON.stringify(explanation, null, 2));
      else for (const line of renderExplanation(explanation)) context.print(line);
      return exitCodes.success;
    }),
};
