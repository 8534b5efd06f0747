import type {
  DescribeExecutionOutput,
  DescribeMapRunOutput,
  ExecutionListItem,
  ExecutionStatus,
  HistoryEvent,
  MapRunListItem,
} from '@aws-sdk/client-sfn';
import type { ExecutionRecord, MapRunRecord } from './records';

const date = (text: string): Date => new Date(text);

/** Leaves out members without a value: AWS sends no null. */
const present = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;

const identity = (record: ExecutionRecord) => ({
  executionArn: record.executionArn,
  stateMachineArn: record.stateMachineArn,
  name: record.name,
  status: record.status,
  startDate: date(record.startDate),
  stopDate: record.stopDate === undefined ? undefined : date(record.stopDate),
  mapRunArn: record.mapRunArn,
  stateMachineVersionArn: record.stateMachineVersionArn,
  stateMachineAliasArn: record.stateMachineAliasArn,
  redriveCount: record.redriveCount,
  redriveDate: record.redriveDate === undefined ? undefined : date(record.redriveDate),
});

const redrivable = (
  record: ExecutionRecord,
): Pick<DescribeExecutionOutput, 'redriveStatus' | 'redriveStatusReason'> => {
  if (record.mapRunArn !== undefined) return { redriveStatus: 'REDRIVABLE_BY_MAP_RUN' };
  if (record.status === 'RUNNING') {
    return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Execution is RUNNING and cannot be redriven' };
  }
  if (record.status === 'SUCCEEDED') {
    return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' };
  }
  return { redriveStatus: 'REDRIVABLE' };
};

export const describedExecution = (record: ExecutionRecord): DescribeExecutionOutput =>
  present({
    ...identity(record),
    input: record.input,
    inputDetails: { included: true },
    output: record.output,
    outputDetails: record.output === undefined ? undefined : { included: true },
    error: record.error,
    cause: record.cause,
    ...redrivable(record),
  });

export const listedExecution = (record: ExecutionRecord): ExecutionListItem => present(identity(record));

export const listedMapRun = (record: MapRunRecord): MapRunListItem =>
  present({
    executionArn: record.executionArn,
    mapRunArn: record.mapRunArn,
    stateMachineArn: record.stateMachineArn,
    startDate: date(record.startDate),
    stopDate: record.stopDate === undefined ? undefined : date(record.stopDate),
  });

/** Every child has one item, so items and executions count alike. Results are written when the run succeeds. */
export const describedMapRun = (record: MapRunRecord, children: readonly ExecutionRecord[]): DescribeMapRunOutput => {
  const number = (status: ExecutionStatus): number => children.filter((child) => child.status === status).length;
  const counts = {
    pending: record.total - children.length,
    running: number('RUNNING'),
    succeeded: number('SUCCEEDED'),
    failed: number('FAILED'),
    timedOut: number('TIMED_OUT'),
    aborted: number('ABORTED'),
    total: record.total,
    resultsWritten: record.status === 'SUCCEEDED' ? number('SUCCEEDED') : 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
  const { mapRunArn, executionArn, status, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = record;
  return present({
    mapRunArn,
    executionArn,
    status,
    startDate: date(record.startDate),
    stopDate: record.stopDate === undefined ? undefined : date(record.stopDate),
    maxConcurrency,
    toleratedFailureCount,
    toleratedFailurePercentage,
    itemCounts: counts,
    executionCounts: counts,
    redriveCount: 0,
  });
};

const dataMembers: readonly string[] = ['input', 'output', 'assignedVariables'];

/** The event without what the execution carried, for includeExecutionData = false. */
export const withoutData = (event: HistoryEvent): HistoryEvent =>
  Object.fromEntries(
    Object.entries(event).map(([member, details]) => {
      if (!member.endsWith('EventDetails')) return [member, details];
      const kept = Object.entries(details as object).filter(([name]) => !dataMembers.includes(name));
      // `parameters` may not be absent in the service's own model.
      return [member, Object.fromEntries(kept.map(([name, value]) => [name, name === 'parameters' ? '' : value]))];
    }),
  ) as unknown as HistoryEvent;
