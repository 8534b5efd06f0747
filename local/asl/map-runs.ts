import { executionArn, type Home, machineArn, mapRunArn } from './arns';
import type { Clock } from './clock';
import type { Executions } from './executions';
import type { Randomness } from './randomness';
import type { ExecutionRecord, MapRunRecord } from './records';
import type { Store } from './store';
import type { MapRun, MapRunRequest } from './strand';

/** AWS runs up to 10,000 children at once; here one process does. */
const mostChildrenAtOnce = 1_000;

export type MapRuns = {
  readonly start: (parent: ExecutionRecord, request: MapRunRequest, signal: AbortSignal) => MapRun;
  readonly list: () => readonly MapRunRecord[];
  /** Ends what an earlier process left running; the children are executions and end with those. */
  readonly recover: () => void;
};

type Deps = {
  readonly home: Home;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly store: Store;
  readonly executions: Executions;
};

/** Too many failures: any if nothing is set, otherwise more than one of the limits that are. */
export const isThresholdExceeded = (
  failed: number,
  total: number,
  limits: Pick<MapRunRequest, 'toleratedFailureCount' | 'toleratedFailurePercentage'>,
): boolean => {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = limits;
  if (count === undefined && percentage === undefined) return failed > 0;
  return (count !== undefined && failed > count) || (percentage !== undefined && (failed / total) * 100 > percentage);
};

type Children = {
  readonly inputs: readonly unknown[];
  readonly slots: number;
  readonly child: (input: unknown) => ExecutionRecord;
  readonly begin: (child: ExecutionRecord) => void;
  readonly isOver: () => boolean;
  readonly tooMany: (failed: number) => boolean;
  readonly exceeded: () => void;
};

/** Runs the children, `slots` at a time, until all have ended or the run is over. Gives them in the order of the items. */
const runChildren = (
  alive: Set<string>,
  plan: Children,
  executions: Executions,
): Promise<readonly (ExecutionRecord | undefined)[]> => {
  const ended: (ExecutionRecord | undefined)[] = [];
  let next = 0;
  let failed = 0;
  const work = async (): Promise<void> => {
    while (next < plan.inputs.length && !plan.isOver()) {
      const index = next;
      next += 1;
      const child = plan.child(plan.inputs[index]);
      alive.add(child.executionArn);
      plan.begin(child);
      const result = await executions.waitForEnd(child.executionArn);
      alive.delete(child.executionArn);
      ended[index] = result;
      if (plan.isOver()) return;
      if (result.status !== 'SUCCEEDED') failed += 1;
      if (plan.tooMany(failed)) plan.exceeded();
    }
  };
  return Promise.all(Array.from({ length: plan.slots }, work)).then(() => ended);
};

const childOf = (
  parent: ExecutionRecord,
  run: MapRunRecord,
  input: unknown,
  { home, clock, randomness }: Deps,
): ExecutionRecord => {
  const machine = `${parent.machine}/${run.label}`;
  const name = randomness.uuid();
  return {
    executionArn: executionArn(home, machine, name),
    name,
    machine,
    stateMachineArn: run.stateMachineArn,
    mapRunArn: run.mapRunArn,
    roleArn: parent.roleArn,
    definitionDate: parent.definitionDate,
    status: 'RUNNING',
    startDate: clock.now().toISOString(),
    input: JSON.stringify(input),
    redriveCount: 0,
  };
};

const newRecord = (
  parent: ExecutionRecord,
  request: MapRunRequest,
  { home, clock, randomness }: Deps,
): MapRunRecord => {
  const label = request.state.Label ?? randomness.uuid();
  const machine = `${parent.machine}/${label}`;
  return {
    mapRunArn: mapRunArn(home, machine, randomness.uuid()),
    executionArn: parent.executionArn,
    stateMachineArn: machineArn(home, machine),
    label,
    status: 'RUNNING',
    startDate: clock.now().toISOString(),
    maxConcurrency: request.maxConcurrency,
    toleratedFailureCount: request.toleratedFailureCount ?? 0,
    toleratedFailurePercentage: request.toleratedFailurePercentage ?? 0,
    total: request.inputs.length,
  };
};

/** Runs the items of distributed maps, each as an execution with a history of its own. */
export const createMapRuns = (deps: Deps): MapRuns => {
  const { clock, store, executions } = deps;
  const records = new Map(store.mapRuns().map((record) => [record.mapRunArn, record]));

  const save = (record: MapRunRecord): MapRunRecord => {
    records.set(record.mapRunArn, record);
    store.saveMapRun(record);
    return record;
  };
  const end = (record: MapRunRecord, status: MapRunRecord['status']): void => {
    if (records.get(record.mapRunArn)?.status !== 'RUNNING') return;
    save({ ...record, status, stopDate: clock.now().toISOString() });
  };

  const start: MapRuns['start'] = (parent, request, signal) => {
    const { inputs, state, maxConcurrency } = request;
    const record = save(newRecord(parent, request, deps));
    const definition = JSON.stringify(state.ItemProcessor);
    const alive = new Set<string>();
    const isOver = (): boolean => records.get(record.mapRunArn)?.status !== 'RUNNING';
    const stopAll = (status: 'ABORTED' | 'FAILED'): void => {
      end(record, status);
      for (const child of alive) executions.stop(child, {});
    };
    signal.addEventListener('abort', () => stopAll('ABORTED'), { once: true });
    const plan: Children = {
      inputs,
      slots: Math.min(maxConcurrency || mostChildrenAtOnce, mostChildrenAtOnce, inputs.length),
      child: (input) => childOf(parent, record, input, deps),
      begin: (child) => executions.start(child, definition, start),
      isOver,
      tooMany: (failed) => isThresholdExceeded(failed, inputs.length, request),
      exceeded: () => stopAll('FAILED'),
    };
    const ended = runChildren(alive, plan, executions).then((children) => {
      if (isOver()) return undefined;
      end(record, 'SUCCEEDED');
      return children.flatMap((child) => (child?.output === undefined ? [] : [JSON.parse(child.output) as unknown]));
    });
    return { mapRunArn: record.mapRunArn, ended };
  };

  return {
    start,
    list: () => [...records.values()].sort((a, b) => b.startDate.localeCompare(a.startDate)),
    recover: () => {
      for (const record of records.values()) {
        if (record.status === 'RUNNING' && executions.find(record.executionArn).status !== 'RUNNING')
          end(record, 'ABORTED');
      }
    },
  };
};
