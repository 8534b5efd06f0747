import { expect } from 'chai';
import { complain } from '../../cli/complain';
import { WorkerError } from '../../domain/errors';

const systemError = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: broken`), { code, syscall: 'open', path: '/state/x', ...more });

const told = (error: unknown, json = false) => {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = complain(error, json, { print: (line) => out.push(line), printError: (line) => err.push(line) });
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
};

describe('complain', () => {
  it('tells a full disk from a folder that may not be written, and both from faults of the program', () => {
    const cases: readonly (readonly [unknown, number, RegExp])[] = [
      [systemError('ENOSPC'), 4, /^kiro-worker: DiskFull: .*Free some space/],
      [systemError('EDQUOT'), 4, /^kiro-worker: DiskFull/],
      [new Error('IO error: /state/000005.log: No space left on device'), 4, /^kiro-worker: DiskFull/],
      [systemError('EROFS'), 4, /^kiro-worker: FolderNotWritable: .*EROFS.*--state FOLDER/],
      [systemError('EACCES'), 4, /^kiro-worker: FolderNotWritable/],
      [systemError('ENOTDIR'), 4, /^kiro-worker: FolderNotWritable/],
      [systemError('EEXIST', { syscall: 'mkdir' }), 4, /^kiro-worker: FolderNotWritable/],
      [systemError('EEXIST'), 1, /^kiro-worker: UnexpectedFault/],
      [systemError('EACCES', { syscall: 'spawn git' }), 1, /^kiro-worker: UnexpectedFault/],
      [systemError('EPERM', { path: undefined, syscall: 'kill' }), 1, /^kiro-worker: UnexpectedFault/],
      [new TypeError('oh'), 1, /UnexpectedFault: oh\nTypeError: oh\n +at /],
      ['text', 1, /UnexpectedFault: text$/],
      [undefined, 1, /UnexpectedFault/],
    ];
    for (const [error, exitCode, words] of cases) {
      const complaint = told(error);
      expect(complaint.err).to.match(words);
      expect({ exitCode: complaint.exitCode, out: complaint.out }, complaint.err).to.deep.equal({ exitCode, out: '' });
    }
  });

  it('gives programs the same as JSON, and an error of the catalogue as it is', () => {
    const error = new WorkerError('StateInUse', 'No space left on device, says a cat.', 'Wait.');
    const { exitCode, out, err } = told(error, true);
    expect(exitCode).to.equal(4);
    expect(JSON.parse(out)).to.deep.equal({
      error: { code: 'StateInUse', message: 'No space left on device, says a cat.', remedy: 'Wait.' },
    });
    expect(err).to.equal('kiro-worker: StateInUse: No space left on device, says a cat. Wait.');
  });
});
