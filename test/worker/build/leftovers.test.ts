import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { endMarked } from '../../../worker/build/leftovers';

const searchPath = process.env.PATH ?? '';

describe('endMarked', () => {
  it('ends what carries the variable, and leaves all else alone', async () => {
    const text = `KIRO_TEST_MARK=${process.pid}-${Date.now()}`;
    const [name = '', value = ''] = text.split('=');
    const marked = spawn('sleep', ['300'], {
      env: { PATH: searchPath, [name]: value },
      stdio: 'ignore',
      detached: true,
    });
    const longer = spawn('sleep', ['300'], { env: { PATH: searchPath, [name]: `${value}9` }, stdio: 'ignore' });
    const gone = new Promise((resolve) => marked.on('exit', (_, signal) => resolve(signal)));
    try {
      expect(await endMarked({ kind: 'variable', text })).to.equal(1);
      expect(await gone).to.equal('SIGKILL');
      expect(longer.exitCode).to.equal(null);
      expect(longer.signalCode).to.equal(null);
    } finally {
      marked.kill('SIGKILL');
      longer.kill('SIGKILL');
    }
  });
});
