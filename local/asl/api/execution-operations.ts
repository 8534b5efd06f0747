import * as z from 'zod';
import type { Engine } from '../engine';
import { pageOf } from '../page';
import { describedExecution, withoutData } from '../wire-shapes';
import { executionArn, type Operation, operation, optionalText, paging, text } from './operation';

/** Starting, stopping and describing executions, and the answers of their tasks. */
export const executionOperations = (engine: Engine): Readonly<Record<string, Operation>> => ({
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
