import * as z from 'zod';
import type { Engine } from '../engine';
import { pageOf } from '../page';
import type { MachineRecord } from '../records';
import { executionArn, type Operation, operation, optionalText, paging, text } from './operation';

const publishing = { publish: z.boolean().optional(), versionDescription: optionalText };

const versionIn = (versionArn: string | undefined) =>
  versionArn === undefined ? {} : { stateMachineVersionArn: versionArn };

const describedMachine = (
  machine: MachineRecord,
  own: { stateMachineArn: string; definition: string; roleArn: string; description?: string | undefined },
) => ({
  ...own,
  name: machine.name,
  status: 'ACTIVE',
  type: 'STANDARD',
  creationDate: new Date(machine.creationDate),
  revisionId: machine.revisionId,
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

/** State machines and their versions. */
export const machineOperations = ({ machines, ...engine }: Engine): Readonly<Record<string, Operation>> => ({
  CreateStateMachine: operation(
    z.object({ name: text, definition: text, roleArn: text, type: z.literal('STANDARD').optional(), ...publishing }),
    (input) => {
      const { machine, versionArn } = machines.create(input);
      return {
        stateMachineArn: machine.stateMachineArn,
        creationDate: new Date(machine.creationDate),
        ...versionIn(versionArn),
      };
    },
  ),
  UpdateStateMachine: operation(
    z.object({ stateMachineArn: text, definition: optionalText, roleArn: optionalText, ...publishing }),
    ({ stateMachineArn, ...change }) => {
      const { machine, versionArn } = machines.update(stateMachineArn, change);
      return { updateDate: new Date(machine.updateDate), revisionId: machine.revisionId, ...versionIn(versionArn) };
    },
  ),
  PublishStateMachineVersion: operation(z.object({ stateMachineArn: text, description: optionalText }), (input) => {
    const { versionArn, creationDate } = machines.publish(input.stateMachineArn, input.description);
    return { stateMachineVersionArn: versionArn, creationDate: new Date(creationDate) };
  }),
  DescribeStateMachine: operation(z.object({ stateMachineArn: text }), ({ stateMachineArn }) => {
    const { machine, definition, roleArn } = machines.target(stateMachineArn);
    return describedMachine(machine, { stateMachineArn, definition, roleArn });
  }),
  DescribeStateMachineForExecution: operation(z.object({ executionArn }), (input) => {
    const record = engine.execution(input.executionArn);
    return {
      stateMachineArn: record.stateMachineArn,
      name: record.machine,
      definition: engine.definitionOf(record.executionArn),
      roleArn: record.roleArn,
      updateDate: new Date(record.definitionDate),
      ...(record.mapRunArn === undefined
        ? {}
        : { mapRunArn: record.mapRunArn, label: record.machine.split('/').at(-1) }),
    };
  }),
  ListStateMachines: operation(z.object(paging), (input) => {
    const { items, ...token } = pageOf(machines.list(), input);
    const listed = items.map(({ stateMachineArn, name, creationDate }) => ({
      stateMachineArn,
      name,
      type: 'STANDARD',
      creationDate: new Date(creationDate),
    }));
    return { stateMachines: listed, ...token };
  }),
  ListStateMachineVersions: operation(z.object({ stateMachineArn: text, ...paging }), (input) => {
    const machine = machines.find(input.stateMachineArn);
    const { items, ...token } = pageOf([...machine.versions].reverse(), input);
    const listed = items.map(({ number, creationDate }) => ({
      stateMachineVersionArn: `${machine.stateMachineArn}:${number}`,
      creationDate: new Date(creationDate),
    }));
    return { stateMachineVersions: listed, ...token };
  }),
});
