import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { claimStateFolder } from '../../local/state-folder';
import { temporaryFolder } from '../support/temporary-folder';
import { runCli, startCli } from './support/run-cli';
import { bareProject, makeProject, specFiles, writeBoard } from './support/small-repositories';

describe('kiro-worker, on a state that is broken or not its own', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const cli = (...args: readonly string[]) => runCli(args, { cwd: folder() });
  const prepare = async (agent: string): Promise<readonly string[]> => {
    const repository = await makeProject(join(folder(), 'shop'), bareProject, {
      'feature/x': specFiles('x', ['do it']),
    });
    const board = writeBoard(join(folder(), 'board.json'), [{ title: 'X', branch: 'feature/x' }]);
    return ['run', '--repo', repository, '--board', board, '--agent', agent];
  };

  it('names the damaged file with 2, and has lost nothing once it is put back', async () => {
    expect((await cli(...(await prepare('exit 7')))).code).to.equal(3);
    const runs = join(folder(), '.kiro-worker', 'runs');
    const state = join(runs, readdirSync(runs)[0] ?? '', 'aws');
    const list = async () => (await cli('dlq', 'list', '--json')).stdout;
    const before = await list();
    expect(JSON.parse(before).deadLetters).to.have.length(1);
    const files = readdirSync(state, { recursive: true, encoding: 'utf8' });
    const first = (name: string) => files.find((file) => file.endsWith(name)) ?? '';
    for (const name of ['children.json', 'sqs.json', 'key.json', 'execution.json', 'CURRENT']) {
      const file = join(state, first(name));
      const text = readFileSync(file);
      writeFileSync(file, text.subarray(0, text.length / 2));
      const end = await cli('dlq', 'list', '--json');
      expect(end.code, `${file}\n${end.stderr}`).to.equal(2);
      expect(JSON.parse(end.stdout).error.code).to.equal('ValidationError');
      expect(end.stderr)
        .to.contain(name === 'CURRENT' ? join(state, 'dynamodb') : file)
        .and.match(/local reset/);
      writeFileSync(file, text);
    }
    writeFileSync(join(state, 'port'), '\0\0\0');
    expect(await list()).to.equal(before);
  });

  it('says with 4 that it cannot write where it should', async () => {
    writeFileSync(join(folder(), '.kiro-worker'), 'a file');
    const end = await cli(...(await prepare('true')), '--json');
    expect(end.code, end.stderr).to.equal(4);
    expect(JSON.parse(end.stdout).error.code).to.equal('FolderNotWritable');
    expect(end.stderr).to.match(/\.kiro-worker.*--state FOLDER/);
  });

  it('lets one of two first starts work and tells the other one, with 4, before it touches anything; no process stays behind', async () => {
    const args = await prepare('exit 7');
    const start = (...words: readonly string[]) => startCli(words, { cwd: folder() }).ended;
    const ends = await Promise.all([start(...args), start(...args)]);
    expect(ends.map(({ code }) => code).sort()).to.deep.equal([3, 4]);
    expect(ends.map(({ stderr }) => stderr).join('')).to.match(/StateInUse.*in use by process \d+/);
    for (const words of [
      ['ticks'],
      ['explain', '1'],
      ['dlq', 'list', '--json'],
      ['budget', 'show'],
      ['breaker', 'close'],
    ]) {
      const { code, stdout, stderr } = await start(...words);
      expect(code, `${words.join(' ')}, which ends by itself: ${stderr}`).to.equal(0);
      expect(stdout).to.match(/\S\n$/);
    }

    const sample = join(folder(), '.kiro-worker', 'sample');
    const giveBack = claimStateFolder(sample);
    expect((await start('start')).code).to.equal(4);
    expect(readdirSync(sample)).to.deep.equal(['in-use-by']);
    giveBack();
  });

  it('ends the run in order, with 4, when the disk fills up where nobody waits for a write', async () => {
    const preload = join(folder(), 'full.cjs');
    writeFileSync(
      preload,
      "process.on('SIGUSR2', () => { throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }); });",
    );
    const args = await prepare('sleep 60');
    const running = startCli(args, {
      cwd: folder(),
      env: { NODE_OPTIONS: `--require "${preload}"` },
    });
    await running.printed(/Checkout/);
    running.kill('SIGUSR2');
    const end = await running.ended;
    expect(end.code, end.stderr).to.equal(4);
    expect(end.stderr.match(/DiskFull: The disk is full/g)).to.have.length(1);
    const runs = join(folder(), '.kiro-worker', 'runs');
    expect(readdirSync(join(runs, readdirSync(runs)[0] ?? ''))).to.not.include('in-use-by');
  });
});
