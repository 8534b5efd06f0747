import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { createEngine, type Engine } from '../../../../local/asl/engine';
import type { ExecutionRecord } from '../../../../local/asl/records';
import { createFileStore } from '../../../../local/asl/store';
import type { Integrations } from '../../../../local/asl/strand';
import { createFakeClock } from './fake-clock';

export const home = { region: 'eu-west-1', accountId: '123456789012' };
export const roleArn = 'arn:aws:iam::123456789012:role/states';

export type Bench = {
  readonly engine: Engine;
  readonly folder: string;
  readonly clock: ReturnType<typeof createFakeClock>;
  /** Creates a machine and gives its ARN. */
  readonly machine: (states: object, more?: object) => string;
  readonly run: (
    states: object,
    input?: unknown,
    more?: object,
  ) => Promise<{ execution: ExecutionRecord; history: readonly HistoryEvent[] }>;
  readonly close: () => void;
};

/** An engine on a temporary folder whose name has a space, with fake time, counted uuids and chance `chance`. */
export const createBench = (
  options: { integrations?: Integrations; chance?: () => number; folder?: string } = {},
): Bench => {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'asl engine '));
  const clock = createFakeClock();
  let ids = 0;
  const uuid = (): string => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
  };
  const engine = createEngine({
    home,
    clock,
    randomness: { number: options.chance ?? (() => 0.5), uuid },
    integrations: options.integrations ?? (async ({ arguments: given }) => given),
    store: createFileStore(folder),
  });
  let machines = 0;
  const machine: Bench['machine'] = (states, more = {}) => {
    machines += 1;
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: Object.keys(states)[0],
      States: states,
      ...more,
    });
    return engine.machines.create({ name: `machine-${machines}`, definition, roleArn }).machine.stateMachineArn;
  };
  return {
    engine,
    folder,
    clock,
    machine,
    run: async (states, input = {}, more = {}) => {
      const stateMachineArn = machine(states, more);
      const { executionArn } = engine.startExecution({ stateMachineArn, name: 'run', input: JSON.stringify(input) });
      const execution = await engine.waitForEnd(executionArn);
      return { execution, history: engine.history(executionArn) };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** `1 ExecutionStarted <0`: id, type and previous event of each line. */
export const chain = (history: readonly HistoryEvent[]): readonly string[] =>
  history.map(({ id, type, previousEventId }) => `${id} ${type} <${previousEventId}`);
