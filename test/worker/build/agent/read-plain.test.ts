import { expect } from 'chai';
import { createPlainReader } from '../../../../worker/build/agent/read-plain';

const read = (stdout: string, stderr = '') => {
  const calls: string[] = [];
  const reader = createPlainReader({ onFinished: () => calls.push('finished'), onLogin: () => calls.push('login') });
  const log = reader.read(Buffer.from(stdout), 'stdout') + reader.read(Buffer.from(stderr), 'stderr') + reader.end();
  return { ...reader.facts(), log, calls };
};

describe('createPlainReader', () => {
  it('takes the trailer on standard error for proof, colours and all', () => {
    const facts = read(
      '\u001b[38;5;141m> \u001b[0mPONG',
      '\u001b[38;5;8m\n ▸ Credits: 1,207.23 • Time: 2m 29s\n\u001b[0m',
    );
    expect(facts).to.deep.include({
      finished: { success: true, stopReason: null },
      credits: 1207.23,
      acted: true,
      calls: ['finished'],
    });
    expect(facts.log).to.contain('PONG');
  });

  it('takes it on standard output only as the very last line: a model may quote it', () => {
    expect(read('> fine\n ▸ Credits: 0.07 • Time: 4s\n').credits).to.equal(0.07);
    expect(read('> It prints\n▸ Credits: 0.07 • Time: 4s\nwhen it is done.\n')).to.deep.include({
      credits: null,
      finished: null,
    });
  });

  it('sees no proof in anything else', () => {
    for (const text of ['', 'All done!', 'Credits: 1', '▸ Credits: much • Time: 1s', '▸ Credits: 1'])
      expect(read(text, text)).to.deep.include({ finished: null, credits: null });
  });

  it('knows a login, a denial and a refusal by the program’s own lines', () => {
    expect(read('Confirm the following code in the browser\n')).to.deep.include({
      asksForLogin: true,
      acted: false,
      calls: ['login'],
    });
    expect(read('', '  - non-interactive mode (no user to approve)\n').deniedTools).to.deep.equal(['a tool']);
    expect(read('', 'Authentication failed.\n')).to.deep.include({ acted: false, words: 'Authentication failed.' });
  });
});
