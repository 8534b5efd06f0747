import { checkName, executionArn, type Home } from './arns';
import type { Clock } from './clock';
import { createEvaluator } from './evaluate';
import { createExecutions, type EventListener } from './executions';
import { apiError } from './failures';
import { createMachines, type Machines } from './machines';
import { createMapRuns } from './map-runs';
import type { Randomness } from './randomness';
import type { ExecutionRecord, MapRunRecord } from './records';
import type { Store } from './store';
import type { Integrations } from './strand';
import { createTaskTokens, type TaskTokens } from './task-tokens';
import { dataLimitBytes } from './visit';

export type EngineDeps = {
  readonly home: Home;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly integrations: Integrations;
  readonly store: Store;
};

/** Step Functions on one machine: Standard workflows in the JSONata dialect. */
export type Engine = {
  readonly machines: Machines;
  /** Answers of tasks that wait for a token. */
  readonly tokens: TaskTokens;
  /** Starts on a machine, version or alias ARN. Repeating a running start with the same name and input gives the same execution. */
  readonly startExecution: (start: {
    stateMachineArn: string;
    name?: string | undefined;
    input?: string | undefined;
  }) => ExecutionRecord;
  readonly stopExecution: (
    executionArn: string,
    failed?: { error?: string | undefined; cause?: string | undefined },
  ) => ExecutionRecord;
  /** Runs an unsuccessful execution again from the state that it failed in. */
  readonly redriveExecution: (executionArn: string) => ExecutionRecord;
  readonly execution: (executionArn: string) => ExecutionRecord;
  /** Newest first, children of map runs included. */
  readonly executions: () => readonly ExecutionRecord[];
  readonly mapRuns: () => readonly MapRunRecord[];
  readonly history: Store['history'];
  readonly definitionOf: Store['definition'];
  readonly waitForEnd: (executionArn: string) => Promise<ExecutionRecord>;
  /** Returns the function that ends the subscription. */
  readonly onEvent: (listener: EventListener) => () => void;
  /** To be called at start-up: what an earlier process left running becomes ABORTED (Local.ProcessEnded). */
  readonly recover: () => readonly ExecutionRecord[];
};

const checkInput = (input: string): string => {
  if (Buffer.byteLength(input) > dataLimitBytes)
    throw apiError('ValidationException', 'The input is larger than 256 KiB.');
  try {
    JSON.parse(input);
  } catch (error) {
    throw apiError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
  return input;
};

/** Starting again is the same execution as long as that runs on the same machine with the same input. */
const repeated = (existing: ExecutionRecord, stateMachineArn: string, input: string): ExecutionRecord => {
  const target = existing.stateMachineAliasArn ?? existing.stateMachineVersionArn ?? existing.stateMachineArn;
  if (existing.status === 'RUNNING' && existing.input === input && target === stateMachineArn) return existing;
  throw apiError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.executionArn}'`);
};

export const createEngine = (deps: EngineDeps): Engine => {
  const { home, clock, randomness, store } = deps;
  const tokens = createTaskTokens();
  const machines = createMachines(deps);
  const executions = createExecutions({ ...deps, region: home.region, tokens, evaluator: createEvaluator(deps) });
  const mapRuns = createMapRuns({ ...deps, executions });

  const startExecution: Engine['startExecution'] = ({ stateMachineArn, name = randomness.uuid(), input = '{}' }) => {
    const { machine, definition, ...target } = machines.target(stateMachineArn);
    const arn = executionArn(home, machine.name, checkName(name));
    checkInput(input);
    if (executions.has(arn)) return repeated(executions.find(arn), stateMachineArn, input);
    const record: ExecutionRecord = {
      ...target,
      executionArn: arn,
      name,
      machine: machine.name,
      stateMachineArn: machine.stateMachineArn,
      status: 'RUNNING',
      startDate: clock.now().toISOString(),
      input,
      redriveCount: 0,
    };
    executions.start(record, definition, mapRuns.start);
    return record;
  };

  return {
    machines,
    tokens,
    startExecution,
    stopExecution: (arn, failed = {}) => executions.stop(arn, failed),
    redriveExecution: (arn) => {
      const record = executions.find(arn);
      if (record.mapRunArn !== undefined || !['FAILED', 'ABORTED', 'TIMED_OUT'].includes(record.status)) {
        throw apiError('ExecutionNotRedrivable', `Execution is ${record.status} and cannot be redriven: '${arn}'`);
      }
      return executions.redrive(record, mapRuns.start);
    },
    execution: executions.find,
    executions: executions.list,
    mapRuns: mapRuns.list,
    history: store.history,
    definitionOf: store.definition,
    waitForEnd: executions.waitForEnd,
    onEvent: executions.onEvent,
    recover: () => {
      const ended = executions.recover();
      mapRuns.recover();
      return ended;
    },
  };
};
