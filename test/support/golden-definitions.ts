import { loadEnvironments } from '../../config/load';
import { onlyResource, synthesizedStacks } from './synthesized-stacks';

/**
 * The state machine of each environment as it stands in the stack, references and all, pretty-printed. The release is a word here: it changes with
 * every line of code.
 */
export const goldenDefinitions = (): ReadonlyMap<string, string> => {
  const { stack, release } = synthesizedStacks();
  return new Map(
    loadEnvironments().map((environment) => {
      const { definition } = onlyResource(stack(environment, 'poller'), 'aws_sfn_state_machine');
      const readable = JSON.stringify(JSON.parse(String(definition)), null, 2).replaceAll(release.id, 'RELEASE');
      return [environment.name, `${readable}\n`];
    }),
  );
};
