import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { readStateFile } from '../state-folder';
import type { ExecutionRecord, MachineRecord, MapRunRecord } from './records';
import type { Position } from './strand';

/** Where an engine keeps what has to survive its process. Everything is written before the call returns. */
export type Store = {
  readonly saveMachine: (machine: MachineRecord) => void;
  readonly machines: () => readonly MachineRecord[];
  /** The definition is kept with the execution: later changes of the machine do not touch it. */
  readonly createExecution: (execution: ExecutionRecord, definition: string) => void;
  readonly saveExecution: (execution: ExecutionRecord) => void;
  readonly executions: () => readonly ExecutionRecord[];
  readonly definition: (executionArn: string) => string;
  readonly savePosition: (executionArn: string, position: Position) => void;
  readonly position: (executionArn: string) => Position | undefined;
  readonly appendEvent: (executionArn: string, event: HistoryEvent) => void;
  readonly history: (executionArn: string) => readonly HistoryEvent[];
  readonly saveMapRun: (mapRun: MapRunRecord) => void;
  readonly mapRuns: () => readonly MapRunRecord[];
};

/** File systems allow 255 bytes; what is longer is cut and told apart by a hash. */
const fileName = (arn: string): string => {
  const name = encodeURIComponent(arn.split(':').slice(6).join(':'));
  return name.length <= 200
    ? name
    : `${name.slice(0, 150)}-${createHash('sha256').update(arn).digest('hex').slice(0, 32)}`;
};

/** Readers see the old file or the new one, never a part. */
const writeAtomically = (file: string, text: string): void => {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
};

const writeJson = (file: string, value: unknown): void => writeAtomically(file, JSON.stringify(value));
const readJson = <T>(file: string): T => readStateFile(file, (text) => JSON.parse(text) as T);
const entries = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const jsonFiles = <T>(folder: string): readonly T[] =>
  entries(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<T>(join(folder, name)));

const parseEvent = (line: string): HistoryEvent | undefined => {
  try {
    const event = JSON.parse(line) as HistoryEvent;
    return { ...event, timestamp: new Date(event.timestamp ?? 0) };
  } catch {
    return undefined;
  }
};

/** The whole lines of a history. A killed process leaves at most its last line unfinished: that one never happened. */
const readHistory = (file: string): readonly HistoryEvent[] => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const torn = lines.pop();
  const events: HistoryEvent[] = [];
  for (const line of lines) {
    const event = parseEvent(line);
    if (!event) break;
    events.push(event);
  }
  if (torn) writeAtomically(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return events;
};

/** A folder per execution (`execution.json`, `definition.json`, `position.json`, `history.jsonl`), a file per machine and map run. */
export const createFileStore = (root: string): Store => {
  const executions = join(root, 'executions');
  const folder = (arn: string): string => join(executions, fileName(arn));
  const machines = join(root, 'machines');
  const mapRuns = join(root, 'map-runs');
  return {
    saveMachine: (machine) => writeJson(join(machines, `${fileName(machine.stateMachineArn)}.json`), machine),
    machines: () => jsonFiles(machines),
    createExecution: (execution, definition) => {
      writeAtomically(join(folder(execution.executionArn), 'definition.json'), definition);
      writeJson(join(folder(execution.executionArn), 'execution.json'), execution);
    },
    saveExecution: (execution) => writeJson(join(folder(execution.executionArn), 'execution.json'), execution),
    executions: () =>
      entries(executions)
        .map((name) => join(executions, name, 'execution.json'))
        .filter(existsSync)
        .map((file) => readJson<ExecutionRecord>(file)),
    definition: (arn) => readFileSync(join(folder(arn), 'definition.json'), 'utf8'),
    savePosition: (arn, position) => writeJson(join(folder(arn), 'position.json'), position),
    position: (arn) => {
      const file = join(folder(arn), 'position.json');
      return existsSync(file) ? readJson<Position>(file) : undefined;
    },
    appendEvent: (arn, event) => appendFileSync(join(folder(arn), 'history.jsonl'), `${JSON.stringify(event)}\n`),
    history: (arn) => readHistory(join(folder(arn), 'history.jsonl')),
    saveMapRun: (mapRun) => writeJson(join(mapRuns, `${fileName(mapRun.mapRunArn)}.json`), mapRun),
    mapRuns: () => jsonFiles(mapRuns),
  };
};
