import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIdentity } from '../../local/process-identity';
import { claimStateFolder, writeFileAtomically } from '../../local/state-folder';

describe('claimStateFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'state folder '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses a second claim while the first one stands, and names its process', () => {
    const giveBack = claimStateFolder(folder);
    expect(() => claimStateFolder(folder))
      .to.throw(`in use by process ${process.pid}`)
      .with.property('name', 'StateInUse');
    giveBack();
    claimStateFolder(folder)();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('takes over the claim of a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    writeFileSync(join(folder, 'in-use-by'), `${pid} 1\n`);
    claimStateFolder(folder)();
  });

  it('takes over the claim of a process that has ended and that its parent has forgotten', async () => {
    const forgetful = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(forgetful.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      writeFileSync(join(folder, 'in-use-by'), `${pid} ${processIdentity(pid)}`);
      expect(() => claimStateFolder(folder)).to.throw('in use');
      while (processIdentity(pid) !== '') await new Promise((resolve) => setTimeout(resolve, 10));
      process.kill(pid, 0); // it is still there, dead
      claimStateFolder(folder)();
    } finally {
      forgetful.kill('SIGKILL');
    }
  });

  it('takes over the claim of a pid that another process has now', () => {
    writeFileSync(join(folder, 'in-use-by'), `${process.pid} 1\n`);
    claimStateFolder(folder)();
  });

  it('is given to exactly one of many processes at the same moment, after one that died and on a new folder', async () => {
    const script = `const { claimStateFolder } = require(process.argv[1]);
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const [at, folder] = [Number(line.slice(0, 13)), line.slice(14)];
        while (Date.now() < at);
        try { claimStateFolder(folder); console.log('claimed'); } catch (error) { console.log(error.name); }
      });`;
    const module = join(__dirname, '..', '..', 'local', 'state-folder.js');
    const rivals = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['-e', script, module], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    try {
      const { pid } = spawnSync(process.execPath, ['-e', '0']);
      for (let round = 0; round < 100; round += 1) {
        const place = mkdtempSync(join(folder, 'round '));
        if (round % 2 === 0) writeFileSync(join(place, 'in-use-by'), `${pid} 1`);
        const answers = rivals.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim());
        for (const { stdin } of rivals) stdin.write(`${Date.now() + 20} ${place}\n`);
        expect((await Promise.all(answers)).sort(), `round ${round}`).to.deep.equal([
          ...Array.from({ length: 5 }, () => 'StateInUse'),
          'claimed',
        ]);
        expect(readdirSync(place)).to.deep.equal(['in-use-by']);
      }
    } finally {
      for (const rival of rivals) rival.kill('SIGKILL');
    }
  });

  it('takes over an empty claim, written by a process that died in the middle', () => {
    writeFileSync(join(folder, 'in-use-by'), '');
    claimStateFolder(folder)();
  });
});

describe('writeFileAtomically', () => {
  it('makes the folders and leaves no draft behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
    try {
      writeFileAtomically(join(folder, 'a', 'b.json'), '1');
      writeFileAtomically(join(folder, 'a', 'b.json'), '2');
      expect(readFileSync(join(folder, 'a', 'b.json'), 'utf8')).to.equal('2');
      expect(readdirSync(join(folder, 'a'))).to.deep.equal(['b.json']);
      expect(existsSync(join(folder, 'b.json'))).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
