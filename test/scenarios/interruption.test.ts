import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Report, reportSchema } from '../../local/report/report';
import { temporaryFolder } from '../support/temporary-folder';
import { runCli, startCli } from './support/run-cli';
import { bareProject, makeProject, meanWork, specFiles, writeAgent, writeBoard } from './support/small-repositories';

/** Processes whose work folder or arguments are inside of `folder`: what a run has left behind. */
const processesIn = (folder: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const inside = readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || command.includes(folder);
        return inside && command !== '' ? [`${pid} ${command}`] : [];
      } catch {
        return []; // ended while we looked
      }
    });

const gone = async (folder: string): Promise<readonly string[]> => {
  for (let look = 0; look < 100; look += 1) {
    if (processesIn(folder).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return processesIn(folder);
};

describe('kiro-worker run, interrupted', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  /** One item. What its agent does in its first turns; after those it works. A slow turn is something to interrupt. */
  const prepare = async (...turns: readonly ('sleep 60' | 'exit 7')[]): Promise<readonly string[]> => {
    const repository = await makeProject(join(folder(), 'shop'), bareProject, {
      'feature/mean': specFiles('mean', ['give the mean']),
    });
    const agent = writeAgent(join(folder(), 'agent'), { 'mean/1': meanWork });
    const board = writeBoard(join(folder(), 'board.json'), [{ title: 'Mean', branch: 'feature/mean' }]);
    const marks = join(folder(), 'marks');
    mkdirSync(marks);
    chmodSync(marks, 0o777); // the agent may be another user
    const cases = turns.map((turn, index) => `${index}) ${turn};;`).join(' ');
    const command = `cd '${marks}' && turn=$(ls | wc -l) && : > $turn && cd - > /dev/null; case $((turn)) in ${cases} esac; ${agent}`;
    return ['run', '--repo', repository, '--board', board, '--agent', command, '--json', 'report.json'];
  };
  const readReport = (): Report => reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));
  const began = async (turn = 0): Promise<void> => {
    for (let look = 0; look < 1200; look += 1) {
      if (readdirSync(join(folder(), 'marks')).includes(String(turn))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the agent was never started');
  };

  const expectGreenNow = async (args: readonly string[]): Promise<void> => {
    const end = await runCli(args, { cwd: folder() });
    expect(end.code, end.stdout + end.stderr).to.equal(0);
    const [item] = readReport().items;
    expect(item).to.deep.include({ outcome: 'green', status: 'In review' });
    // The execution that died is told of once, and the item was not lost.
    expect(item?.deadLetters).to.have.length(1);
    expect(item?.executions).to.equal(2);
    expect(readdirSync(join(folder(), '.kiro-worker', 'runs')).length).to.equal(1);
  };

  it('ends its children at Ctrl-C, says so with 130, and goes on at the next start', async () => {
    const args = await prepare('sleep 60');
    const running = startCli(args, { cwd: folder() });
    await began();
    running.kill('SIGINT');
    const end = await running.ended;
    expect(end.code, end.stderr + end.stdout).to.equal(130);
    expect(await gone(folder())).to.deep.equal([]);
    expect(readReport()).to.deep.include({ interrupted: true });
    expect(readReport().items[0]).to.deep.include({ outcome: 'interrupted', pullRequest: null });
    await expectGreenNow(args);
  });

  it('takes over the locks of a run that was killed, ends what it left behind, and finishes the item', async () => {
    const args = await prepare('sleep 60');
    const running = startCli(args, { cwd: folder() });
    await began();
    running.kill('SIGKILL');
    expect(await running.ended).to.include({ signal: 'SIGKILL' });
    await expectGreenNow(args);
    expect(await gone(folder())).to.deep.equal([]);
  });

  for (const [signal, code, told] of [
    ['SIGKILL', null, /^$/],
    ['SIGINT', 130, /started, interrupted/],
  ] as const)
    it(`keeps the dead letter of a redrive that got ${signal}, and a later redrive finishes the item`, async () => {
      const cli = (...args: readonly string[]) => runCli(args, { cwd: folder() });
      const letters = async () =>
        (JSON.parse((await cli('dlq', 'list', '--json')).stdout) as { deadLetters: { id: string }[] }).deadLetters;
      expect((await cli(...(await prepare('exit 7', 'sleep 60')))).code).to.equal(3);
      const [letter, ...others] = await letters();
      expect(others).to.deep.equal([]);

      const running = startCli(['dlq', 'redrive', '--all'], { cwd: folder() });
      await began(1);
      running.kill(signal);
      const end = await running.ended;
      expect(end.code, end.stderr).to.equal(code);
      expect(end.stdout).to.match(told);
      expect(await letters()).to.deep.equal([letter]);

      const again = await cli('dlq', 'redrive', letter?.id ?? '');
      expect(again.code, again.stderr).to.equal(0);
      expect(again.stdout).to.equal('#1 Mean: started, green\n');
      expect(await letters()).to.deep.equal([]);
      expect(await gone(folder())).to.deep.equal([]);
    });
});
