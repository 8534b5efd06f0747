import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import type { ExecutionRecord } from '../../../local/asl/records';
import { recoverExecution } from '../../../local/asl/recover-execution';
import { createStatesApi } from '../../../local/asl/states-api';
import { type Bench, chain, createBench, home } from './support/bench';

const arn = `arn:aws:states:${home.region}:${home.accountId}:execution:killed:run`;

/** Starts the program on the folder and kills it with SIGKILL as soon as its executions wait. */
const killWhileRunning = async (folder: string): Promise<void> => {
  const child = spawn(process.execPath, [join(__dirname, 'support', 'killed-child.js'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
};

describe('recover', () => {
  let folder: string;
  let bench: Bench;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asl killed '));
    await killWhileRunning(folder);
    bench = createBench({ folder });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('ends what a killed process left running, children and map run included', async () => {
    expect(bench.engine.execution(arn).status).to.equal('RUNNING');
    expect(bench.engine.recover()).to.have.length(3);
    for (const execution of bench.engine.executions()) {
      expect(execution).to.include({ status: 'ABORTED', error: 'Local.ProcessEnded' });
      const last = bench.engine.history(execution.executionArn).at(-1);
      expect(last).to.deep.include({ type: 'ExecutionAborted', previousEventId: 0 });
      expect(last?.executionAbortedEventDetails?.error).to.equal('Local.ProcessEnded');
    }
    expect(bench.engine.mapRuns().map(({ status }) => status)).to.deep.equal(['ABORTED']);
    expect(bench.engine.recover()).to.deep.equal([]);
  });

  it('tolerates a last line that was not finished and goes on numbering without a gap', async () => {
    const executions = join(folder, 'executions');
    for (const name of readdirSync(executions))
      appendFileSync(join(executions, name, 'history.jsonl'), '{"timestamp":"20');
    bench.engine.recover();
    expect(chain(bench.engine.history(arn))).to.deep.equal([
      '1 ExecutionStarted <0',
      '2 PassStateEntered <0',
      '3 PassStateExited <2',
      '4 MapStateEntered <3',
      '5 MapStateStarted <4',
      '6 MapRunStarted <5',
      '7 ExecutionAborted <0',
    ]);
  });

  it('leaves an execution that can be redriven from the state that it stood in', async () => {
    bench.engine.recover();
    const api = createStatesApi(bench.engine);
    const { redriveDate } = (await api('RedriveExecution', { executionArn: arn })) as { redriveDate: Date };
    expect(redriveDate).to.deep.equal(bench.clock.now());
    const execution = await bench.engine.waitForEnd(arn);
    expect(execution).to.include({ status: 'SUCCEEDED', output: '[1,2]', redriveCount: 1 });
    expect(execution).not.to.have.property('error', 'Local.ProcessEnded');
    expect(chain(bench.engine.history(arn)).slice(6, 9)).to.deep.equal([
      '7 ExecutionAborted <0',
      '8 ExecutionRedriven <7',
      '9 MapStateEntered <8',
    ]);
  });
});

describe('recoverExecution', () => {
  const timestamp = new Date('2030-01-01T00:00:00Z');
  const left: ExecutionRecord = {
    executionArn: arn,
    name: 'run',
    machine: 'killed',
    stateMachineArn: 'm',
    roleArn: 'r',
    definitionDate: timestamp.toISOString(),
    status: 'RUNNING',
    startDate: timestamp.toISOString(),
    input: '{}',
    redriveCount: 0,
  };
  const failed = { error: 'E', cause: 'c' };
  const ends: readonly (readonly [HistoryEvent, Partial<ExecutionRecord>])[] = [
    [
      { id: 2, timestamp, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '1' } },
      { status: 'SUCCEEDED', output: '1' },
    ],
    [
      { id: 2, timestamp, type: 'ExecutionFailed', executionFailedEventDetails: failed },
      { status: 'FAILED', ...failed },
    ],
    [{ id: 2, timestamp, type: 'ExecutionTimedOut' }, { status: 'TIMED_OUT' }],
    [
      { id: 2, timestamp, type: 'ExecutionAborted', executionAbortedEventDetails: failed },
      { status: 'ABORTED', ...failed },
    ],
  ];
  for (const [event, expected] of ends) {
    it(`believes a history that ends with ${event.type}`, () => {
      const { record, missing } = recoverExecution(left, [event], new Date('2031-01-01T00:00:00Z'));
      expect(record).to.include({ ...expected, stopDate: timestamp.toISOString() });
      expect(missing).to.equal(undefined);
    });
  }
});
