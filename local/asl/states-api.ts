import * as z from 'zod';
import { checkRunArn, parseMachineArn } from './arns';
import type { Engine } from './engine';
import { apiError } from './failures';
import { pageOf } from './page';
import type { ExecutionRecord, MachineRecord, MapRunRecord } from './records';
import { describedExecution, describedMapRun, listedExecution, listedMapRun, withoutData } from './wire-shapes';

/** Serves one operation of the Step Functions API. Throws errors whose `name` is the exception that AWS models. */
export type StatesApi = (operation: string, input: unknown) => Promise<unknown>;

type Operation = (input: unknown) => object;

const text = z.string();
const optionalText = text.optional();
const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: optionalText };
const routes = z.array(z.object({ stateMachineVersionArn: text, weight: z.int().min(0).max(100) }));
const publishing = { publish: z.boolean().optional(), versionDescription: optionalText };
const executionArn = text.transform((arn) => checkRunArn(arn, 'execution'));
const mapRunArn = text.transform((arn) => checkRunArn(arn, 'mapRun'));

/** Parses the input; what is missing or of the wrong type is a ValidationException. */
const operation =
  <S extends z.ZodType>(schema: S, answer: (input: z.infer<S>) => object): Operation =>
  (input) => {
    const parsed = schema.safeParse(input ?? {});
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw apiError(
        'ValidationException',
        `1 validation error detected at '${issue?.path.join('.')}': ${issue?.message}`,
      );
    }
    return answer(parsed.data);
  };

const versionIn = (versionArn: string | undefined) =>
  versionArn === undefined ? {} : { stateMachineVersionArn: versionArn };

const executionOperations = (engine: Engine): Readonly<Record<string, Operation>> => ({
  StartExecution: operation(z.object({ stateMachineArn: text, name: optionalText, input: optionalText }), (start) => {
    const record = engine.startExecution(start);
    return { executionArn: record.executionArn, startDate: new Date(record.startDate) };
  }),
  DescribeExecution: operation(z.object({ executionArn }), (input) =>
    describedExecution(engine.execution(input.executionArn)),
  ),
  StopExecution: operation(
    z.object({ executionArn, error: optionalText, cause: optionalText }),
    ({ executionArn: arn, ...failed }) => ({
      stopDate: new Date(engine.stopExecution(arn, failed).stopDate ?? 0),
    }),
  ),
  RedriveExecution: operation(z.object({ executionArn, clientToken: optionalText }), (input) => ({
    redriveDate: new Date(engine.redriveExecution(input.executionArn).redriveDate ?? 0),
  })),
  GetExecutionHistory: operation(
    z.object({
      executionArn,
      reverseOrder: z.boolean().optional(),
      includeExecutionData: z.boolean().optional(),
      ...paging,
    }),
    (input) => {
      const events = engine.history(engine.execution(input.executionArn).executionArn);
      const page = pageOf(input.reverseOrder ? [...events].reverse() : events, input);
      const { items, ...token } = page;
      return { events: input.includeExecutionData === false ? items.map(withoutData) : items, ...token };
    },
  ),
  SendTaskSuccess: operation(z.object({ taskToken: text, output: text }), ({ taskToken, output }) => {
    engine.tokens.succeed(taskToken, output);
    return {};
  }),
  SendTaskFailure: operation(
    z.object({ taskToken: text, error: optionalText, cause: optionalText }),
    ({ taskToken, error, cause }) => {
      engine.tokens.fail(taskToken, error ?? '', cause ?? '');
      return {};
    },
  ),
  SendTaskHeartbeat: operation(z.object({ taskToken: text }), ({ taskToken }) => {
    engine.tokens.heartbeat(taskToken);
    return {};
  }),
});

/** The executions started on exactly this machine, version or alias. */
const startedOn = (engine: Engine, arn: string): ((record: ExecutionRecord) => boolean) => {
  const { qualifier } = parseMachineArn(arn);
  if (parseMachineArn(arn).machine.includes('/')) return (record) => record.stateMachineArn === arn;
  engine.machines.target(arn);
  if (qualifier === undefined) return (record) => record.stateMachineArn === arn;
  return (record) => record.stateMachineAliasArn === arn || record.stateMachineVersionArn === arn;
};

const findMapRun = (engine: Engine, arn: string): MapRunRecord => {
  const found = engine.mapRuns().find((run) => run.mapRunArn === arn);
  if (!found) throw apiError('ResourceNotFound', `Resource not found: '${arn}'`);
  return found;
};

const listOperations = (engine: Engine): Readonly<Record<string, Operation>> => ({
  ListExecutions: operation(
    z.object({
      stateMachineArn: optionalText,
      mapRunArn: mapRunArn.optional(),
      statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']).optional(),
      redriveFilter: z.enum(['REDRIVEN', 'NOT_REDRIVEN']).optional(),
      ...paging,
    }),
    (input) => {
      if ((input.stateMachineArn === undefined) === (input.mapRunArn === undefined)) {
        throw apiError('ValidationException', 'Exactly one of stateMachineArn and mapRunArn has to be given.');
      }
      const belongs =
        input.stateMachineArn === undefined
          ? (record: ExecutionRecord) => record.mapRunArn === findMapRun(engine, input.mapRunArn ?? '').mapRunArn
          : startedOn(engine, input.stateMachineArn);
      const all = engine
        .executions()
        .filter(belongs)
        .filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter)
        .filter(
          ({ redriveCount }) =>
            input.redriveFilter === undefined || redriveCount > 0 === (input.redriveFilter === 'REDRIVEN'),
        );
      const { items, ...token } = pageOf(all, input);
      return { executions: items.map(listedExecution), ...token };
    },
  ),
  ListMapRuns: operation(z.object({ executionArn, ...paging }), (input) => {
    const { executionArn: parent } = engine.execution(input.executionArn);
    const { items, ...token } = pageOf(
      engine.mapRuns().filter((run) => run.executionArn === parent),
      input,
    );
    return { mapRuns: items.map(listedMapRun), ...token };
  }),
  DescribeMapRun: operation(z.object({ mapRunArn }), (input) => {
    const run = findMapRun(engine, input.mapRunArn);
    return describedMapRun(
      run,
      engine.executions().filter((record) => record.mapRunArn === run.mapRunArn),
    );
  }),
});

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

const machineOperations = ({ machines, ...engine }: Engine): Readonly<Record<string, Operation>> => ({
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

const aliasOperations = ({ machines }: Engine): Readonly<Record<string, Operation>> => ({
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

/** The Step Functions API on an engine. Inputs and outputs have the shapes of the SDK's commands; dates are Dates. */
export const createStatesApi = (engine: Engine): StatesApi => {
  const operations: Readonly<Record<string, Operation>> = {
    ...executionOperations(engine),
    ...listOperations(engine),
    ...machineOperations(engine),
    ...aliasOperations(engine),
  };
  return async (name, input) => {
    const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!found)
      throw apiError(
        'UnknownOperationException',
        `The local Step Functions engine does not have the operation ${name}.`,
      );
    return found(input);
  };
};
