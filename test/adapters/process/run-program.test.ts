import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';

/** Beyond the first gap that Node closes by itself when it starts. */
const DESCRIPTOR = 40;

describe('runProgram', () => {
  const folder = temporaryFolder();

  // Only Linux tells which descriptors would be passed on.
  if (process.platform === 'linux')
    it('passes no descriptor on but the three pipes, whatever this process has inherited', () => {
      const secret = join(folder(), 'secret');
      writeFileSync(secret, 'secret\n');
      const inherited = openSync(secret, 'r+');
      const look = `const fs = require('fs');
        console.log(fs.readlinkSync('/proc/self/fd/${DESCRIPTOR}'));
        try { fs.writeSync(${DESCRIPTOR}, 'planted'); } catch (error) { console.log(error.code); }`;
      const script = `
        const { runProgram } = require(${JSON.stringify(require.resolve('../../../adapters/process/run-program'))});
        const look = ${JSON.stringify(look)};
        runProgram({ command: process.execPath, args: ['-e', look], cwd: '/', env: {} })
          .then(({ stdout }) => process.stdout.write(stdout));`;
      const stdio = ['ignore', 'pipe', 'inherit', ...Array(DESCRIPTOR - 3).fill('ignore'), inherited];
      const { stdout } = spawnSync(process.execPath, ['-e', script], { env: {}, stdio, encoding: 'utf8' });
      closeSync(inherited);
      expect(stdout).to.equal('/dev/null\nEBADF\n');
      expect(readFileSync(secret, 'utf8')).to.equal('secret\n');
    });
});
