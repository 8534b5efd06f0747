import type { TestRun } from '../../domain/build-result';
import type { ForeignEnd, Sandbox } from './sandbox';

type Input = {
  readonly command: string;
  readonly timeoutSeconds: number;
  readonly logName: string;
  readonly title: string;
};

export const testsNotRun = (command: string): TestRun => ({
  ending: 'not-run',
  command,
  exitCode: null,
  seconds: 0,
  outputTail: '',
  report: null,
  flaky: null,
});

const endingOf = ({ ending, exitCode }: ForeignEnd): TestRun['ending'] => {
  if (ending === 'exited') return exitCode === 0 ? 'passed' : 'failed';
  return ending === 'timed-out' ? 'timed-out' : 'not-run';
};

/** Runs the tests; whatever they do is a result, not an error. Without time they are not run. */
export const runTests = async (
  input: Input,
  { sandbox }: { readonly sandbox: Pick<Sandbox, 'run'> },
): Promise<TestRun> => {
  const { command, timeoutSeconds, logName, title } = input;
  if (timeoutSeconds === 0) return testsNotRun(command);
  const end = await sandbox.run({ command: 'sh', args: ['-c', command], logName, title, timeoutSeconds });
  const { exitCode, seconds, tail } = end;
  return { ending: endingOf(end), command, exitCode, seconds, outputTail: tail, report: null, flaky: null };
};
