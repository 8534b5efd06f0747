import { expect } from 'chai';
import { createPlainReader } from '../../../../worker/build/agent/read-plain';

const read = (stdout: string, stderr = '') => {
  const calls: string[] = [];
  const reader = createPlainReader({
    onFinished: () => calls.push('finished'),
    onGoesOn: () => calls.push('goes on'),
    onLogin: () => calls.push('login'),
  });
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
    expect(read('> a', '\r\u001b[K⠋ Thinking...\r\u001b[K ▸ Credits: <0.01 • Time: 1s\u001b[?25h')).to.include({
      credits: 0.01,
    });
  });

  it('takes it on standard output only as the very last line: a model may quote it', () => {
    expect(read('> fine\n ▸ Credits: 0.07 • Time: 4s\n').credits).to.equal(0.07);
    expect(read('> It prints\n▸ Credits: 0.07 • Time: 4s\nwhen it is done.\n')).to.deep.include({
      credits: null,
      finished: null,
    });
  });

  it('takes that of standard error before one that the model has quoted last', () => {
    const both = read('> It prints\n▸ Credits: 9 • Time: 4s', ' ▸ Credits: 1,234,567.5 • Time: 1h 2m 3s\n');
    expect(both.credits).to.equal(1_234_567.5);
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
    expect(read('? Select login method ›\n❯ Use with Builder ID\n')).to.deep.include({ calls: ['login'] });
    expect(read('', '  - non-interactive mode (no user to approve)\n').deniedTools).to.deep.equal(['a tool']);
    expect(read('', 'Authentication failed.\n')).to.deep.include({ acted: false, words: 'Authentication failed.' });
  });

  it('knows a login that comes after many lines of its own, and none once the model has spoken', () => {
    const login = 'Confirm the following code in the browser\nCode: A\n';
    expect(read(`${'WARN a server is disabled\n'.repeat(40)}${login}`)).to.deep.include({ asksForLogin: true });
    expect(read(`\u001b[38;5;141m> \u001b[0mIt prints:\n${login}`)).to.deep.include({ asksForLogin: false, calls: [] });
  });

  it('keeps what it was ended by, and that it ignored the custom agent, however much is printed afterwards', () => {
    const noise = '    at a frame\n'.repeat(60);
    expect(read('', `Monthly request limit reached\n${noise}`)).to.deep.include({
      verdict: 'Monthly request limit reached',
    });
    expect(read('', `Monthly request limit reached\n${noise}`).ownWords).to.match(/^Monthly request limit reached\n/);
    const { fallback } = read(`> ${noise}`, 'Error: no agent with name builder found. Falling back\n');
    expect(fallback).to.contain('no agent with name builder found');
    const later = 'WARN agent "builder" not found, using "kiro_default"';
    expect(read('', `${later}\n${noise}`).fallback).to.equal(later);
  });

  it('concludes nothing from what the model says, but for the very last line', () => {
    const quoted = read('> I map 401 to\nAuthentication failed\nand no agent with name x found\nDone.\n');
    expect(quoted).to.deep.include({ verdict: null, fallback: null, ownWords: '' });
    expect(quoted.words).to.contain('Authentication failed');
    expect(read('> I begin\nMonthly request limit reached\n')).to.deep.include({
      verdict: 'Monthly request limit reached',
    });
    expect(read('Monthly request limit reached\nThe limits reset on 12/01\n')).to.deep.include({
      verdict: 'Monthly request limit reached',
    });
  });
});
