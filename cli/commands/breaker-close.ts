import { breakerStateOf } from '../../domain/circuit-breaker';
import { exitCodes } from '../../domain/errors';
import type { Command } from '../command';
import { environmentOptions, withEnvironment } from '../environment-access';

export const breakerClose: Command = {
  name: 'breaker close',
  summary: 'Closes the circuit breaker, so that items may begin again',
  usage: 'breaker close [--env ENVIRONMENT | --state FOLDER] [--json]',
  options: environmentOptions,
  positionals: [],
  jsonTakesFile: false,
  run: (input, context) =>
    withEnvironment(input, context, async ({ credits, now }) => {
      const { breaker, budget } = await credits.position();
      const before = breakerStateOf(breaker, budget, now());
      await credits.closeBreaker();
      if (input.json) context.print(JSON.stringify({ before, now: 'closed' }, null, 2));
      else
        context.print(
          before === 'closed' ? 'It was not open; runs are counted anew.' : 'Closed. The next tick begins items again.',
        );
      return exitCodes.success;
    }),
};
