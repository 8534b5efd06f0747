import * as z from 'zod';
import type { Engine } from '../engine';
import { pageOf } from '../page';
import { type Operation, operation, optionalText, paging, text } from './operation';

const routes = z.array(z.object({ stateMachineVersionArn: text, weight: z.int().min(0).max(100) }));

/** Aliases and what they route to. */
export const aliasOperations = ({ machines }: Engine): Readonly<Record<string, Operation>> => ({
  CreateStateMachineAlias: operation(
    z.object({ name: text, description: optionalText, routingConfiguration: routes }),
    (input) => {
      const { arn, creationDate } = machines.createAlias(input.name, input.routingConfiguration, input.description);
      return { stateMachineAliasArn: arn, creationDate: new Date(creationDate) };
    },
  ),
  UpdateStateMachineAlias: operation(
    z.object({ stateMachineAliasArn: text, description: optionalText, routingConfiguration: routes.optional() }),
    (input) => {
      const change = { routes: input.routingConfiguration, description: input.description };
      return { updateDate: new Date(machines.updateAlias(input.stateMachineAliasArn, change).updateDate) };
    },
  ),
  DescribeStateMachineAlias: operation(z.object({ stateMachineAliasArn: text }), ({ stateMachineAliasArn }) => {
    const { name, description, routes: routing, creationDate, updateDate } = machines.alias(stateMachineAliasArn);
    return {
      stateMachineAliasArn,
      name,
      ...(description === undefined ? {} : { description }),
      routingConfiguration: routing,
      creationDate: new Date(creationDate),
      updateDate: new Date(updateDate),
    };
  }),
  ListStateMachineAliases: operation(z.object({ stateMachineArn: text, ...paging }), (input) => {
    const machine = machines.find(input.stateMachineArn);
    const { items, ...token } = pageOf(machine.aliases, input);
    const listed = items.map(({ name, creationDate }) => ({
      stateMachineAliasArn: `${machine.stateMachineArn}:${name}`,
      creationDate: new Date(creationDate),
    }));
    return { stateMachineAliases: listed, ...token };
  }),
});
