import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { takeFreeGroup } from '../../../worker/build/free-group';

const program = join(__dirname, '../../../worker/build/free-group.js');
const triesFor = (gid: number): string =>
  `require('node:crypto').randomInt = () => ${gid}; require(${JSON.stringify(program)}).takeFreeGroup().then(({ gid }) => console.log(gid), ({ message }) => console.log(message))`;
const takeInAnotherProcess = (gid: number): string =>
  execFileSync(process.execPath, ['-e', triesFor(gid)], { encoding: 'utf8' }).trim();

describe('takeFreeGroup', function () {
  this.timeout(60_000);

  it('gives a group to one build only, until that one releases it', async () => {
    const { gid, release } = await takeFreeGroup();
    expect(takeInAnotherProcess(gid)).to.match(/^BUILD_USER: no group between 61184 and 65519 is free/);
    release();
    expect(takeInAnotherProcess(gid)).to.equal(String(gid));
  });

  it('gives back what a build held that was killed', async () => {
    const { gid, release } = await takeFreeGroup();
    release();
    const other = execFile(process.execPath, ['-e', `${triesFor(gid)}; setInterval(() => {}, 1000)`]);
    await once(other.stdout ?? process.stdin, 'data');
    expect(takeInAnotherProcess(gid)).to.contain('no group');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(takeInAnotherProcess(gid)).to.equal(String(gid));
  });
});
