import * as z from 'zod';
import { parseMachineArn } from '../arns';
import type { Engine } from '../engine';
import { apiError } from '../failures';
import { pageOf } from '../page';
import type { ExecutionRecord, MapRunRecord } from '../records';
import { describedMapRun, listedExecution, listedMapRun } from '../wire-shapes';
import { executionArn, mapRunArn, type Operation, operation, optionalText, paging } from './operation';

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

/** Executions, histories and map runs, page by page. */
export const listOperations = (engine: Engine): Readonly<Record<string, Operation>> => ({
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
