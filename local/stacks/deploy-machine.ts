import { type Home, machineArn } from '../asl/arns';
import type { Engine } from '../asl/engine';
import type { PipelineDescription } from './pipeline';

/** Publishes the definition as a version, if it is a new one, and points the alias to it. Gives the alias' ARN. */
export const deployMachine = (
  { name, definition, role, alias }: PipelineDescription,
  home: Home,
  { machines }: Pick<Engine, 'machines'>,
): string => {
  const arn = machineArn(home, name);
  const exists = machines.list().some(({ stateMachineArn }) => stateMachineArn === arn);
  const { versionArn } = exists
    ? machines.update(arn, { definition, roleArn: role, publish: true })
    : machines.create({ name, definition, roleArn: role, publish: true });
  const aliasArn = `${arn}:${alias}`;
  const routes = [{ stateMachineVersionArn: versionArn ?? '', weight: 100 }];
  const hasAlias = machines.find(arn).aliases.some((existing) => existing.name === alias);
  if (hasAlias) machines.updateAlias(aliasArn, { routes });
  else machines.createAlias(alias, routes);
  return aliasArn;
};
