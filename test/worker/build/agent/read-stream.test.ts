import { expect } from 'chai';
import fc from 'fast-check';
import { createStreamReader } from '../../../../worker/build/agent/read-stream';

const event = (type: string, data: unknown): string => `${JSON.stringify({ type, data })}\n`;
const update = (sessionUpdate: string, more: object): string =>
  event('sessionUpdate', { sessionId: 's', update: { sessionUpdate, ...more } });
const say = (text: string): string => update('agent_message_chunk', { content: { type: 'text', text } });
const metering = (sessionId: string, ...values: readonly unknown[]): string =>
  event('metadata', { sessionId, meteringUsage: values.map((value) => ({ value, unit: 'credit' })) });
const finished = event('runFinished', { status: 'success', stopReason: 'end_turn', finalText: 'x' });

const read = (stdout: string, { stderr = '', chunk = 1 << 20 } = {}) => {
  const calls: string[] = [];
  const reader = createStreamReader({
    onFinished: () => calls.push('finished'),
    onGoesOn: () => calls.push('goes on'),
    onLogin: () => calls.push('login'),
  });
  const bytes = Buffer.from(stdout);
  let log = '';
  for (let at = 0; at < bytes.length; at += chunk) log += reader.read(bytes.subarray(at, at + chunk), 'stdout');
  log += reader.read(Buffer.from(stderr), 'stderr');
  log += reader.end();
  return { ...reader.facts(), log, calls };
};

describe('createStreamReader', () => {
  it('reads a run with a sub-agent as it was recorded, and counts what both have spent', () => {
    const facts = read(
      event('runStarted', { payloadSchema: 'acp', acpProtocolVersion: 1, engine: 'v2' }) +
        event('metadata', { sessionId: 'parent', contextUsagePercentage: 38.35 }) +
        update('tool_call', { toolCallId: 't', title: 'Spawning agent crew' }) +
        say('done') +
        metering('child', 0.29) +
        update('tool_call_update', { toolCallId: 't', status: 'completed', rawOutput: { items: [] } }) +
        metering('parent', 0.3, 0.15) +
        finished,
    );
    expect(facts).to.deep.include({
      engine: 'v2',
      finished: { success: true, stopReason: 'end_turn' },
      error: null,
      acted: true,
      deniedTools: [],
      asksForLogin: false,
      words: '',
      calls: ['finished'],
    });
    expect(facts.credits).to.be.closeTo(0.74, 1e-9);
    expect(facts.log).to.equal('[tool] Spawning agent crew\ndone\n[finished] success (end_turn)\n');
  });

  it('counts a list that goes on once, and another turn as well', () => {
    expect(read(metering('s', 0.5) + metering('s', 0.5, 0.25)).credits).to.equal(0.75);
    expect(read(metering('s', 0.5) + metering('s', 0.25)).credits).to.equal(0.75);
    expect(read(metering('s', 0.5) + metering('t', 0.5)).credits).to.equal(1);
  });

  it('knows no credits where none are told, and counts no nonsense', () => {
    expect(read(finished).credits).to.equal(null);
    const tokens = event('metadata', { sessionId: 's', meteringUsage: [{ value: 9000, unit: 'token' }] });
    const nonsense = metering('s', -1, 'x', null, 1e300) + event('metadata', { meteringUsage: 'much' }) + tokens;
    expect(read(nonsense).credits).to.equal(null);
    expect(read(`${metering('s', 1).replace('1,', '1e999,')}`).credits).to.equal(null);
  });

  it('takes an error for one, also after a success, and also an empty one', () => {
    expect(read(finished + event('runError', { stage: 'prompt', message: 'boom' })).error).to.equal('boom');
    expect(read(`${JSON.stringify({ type: 'runError' })}\n`).error).to.equal('an error without a message');
    expect(read(event('runFinished', { status: 'error', stopReason: null })).finished).to.deep.equal({
      success: false,
      stopReason: null,
    });
    expect(read(event('runFinished', {})).finished).to.equal(null);
    const limit = event('runError', { stage: 'prompt', message: 'Monthly request limit reached' });
    expect(read(limit + event('runFinished', { status: 'failure' })).error).to.equal('Monthly request limit reached');
  });

  it('believes a success that comes after an error, which the run has got over', () => {
    const error = event('runError', { stage: 'mcp', message: 'github failed to load' });
    expect(read(error + say('on') + finished)).to.deep.include({
      error: null,
      finished: { success: true, stopReason: 'end_turn' },
      calls: ['finished', 'goes on', 'finished'],
    });
    expect(read(error + say('on')).error).to.equal('github failed to load');
  });

  it('finds events among sequences for the terminal and behind a byte order mark', () => {
    const text = `\uFEFF${event('runStarted', { engine: 'v2' })}\u001b[?25h${finished.trim()}\u001b[0m\r\n`;
    expect(read(text)).to.deep.include({ engine: 'v2', finished: { success: true, stopReason: 'end_turn' } });
  });

  it('knows that the model was reached, and paid for, when it has only thought', () => {
    expect(read(update('agent_thought_chunk', { content: { type: 'text', text: 'Hm' } })).acted).to.equal(true);
    expect(read(event('runStarted', { engine: 'v2' })).acted).to.equal(false);
  });

  it('counts what a version has cost that does not listen and writes plain text, and sees no proof in it', () => {
    const plain = read('> I wrote it.\n', { stderr: '\u001b[38;5;8m\n ▸ Credits: 0.4 • Time: 2s\n\u001b[0m' });
    expect(plain).to.deep.include({ credits: 0.4, acted: true, finished: null });
    expect(read('> It prints\n ▸ Credits: 0.4 • Time: 2s\n')).to.deep.include({ credits: null, acted: false });
    expect(read(metering('s', 1) + finished, { stderr: ' ▸ Credits: 0.4 • Time: 2s\n' }).credits).to.equal(1);
  });

  it('takes a quota that is used up for what it is, also when it is said in place of an answer', () => {
    const limit = 'Monthly request limit reached';
    expect(read(finished, { stderr: `${limit}\n${'frame\n'.repeat(40)}` }).verdict).to.equal(limit);
    expect(read(say('Monthly request') + say(' limit reached') + finished).verdict).to.equal(limit);
    expect(read(say(`${limit}: I have built that answer.${' And so on.'.repeat(30)}`) + finished).verdict).to.equal(
      null,
    );
    expect(read(say(`The text is "${limit}"`) + finished).verdict).to.equal(null);
  });

  it('shortens the words that go into records, and takes line ends and colours out of them', () => {
    const evil = `\u001b[31mred\u001b[0m\n[worker] forged ${'z'.repeat(1_000_000)}`;
    const { finished: end, engine } = read(
      event('runStarted', { engine: evil }) + event('runFinished', { status: 'success', stopReason: evil }),
    );
    for (const word of [end?.stopReason, engine])
      expect(word)
        .to.have.length(100)
        .and.match(/^red \[worker\] forged z+$/);
    expect(read(event('runError', { message: evil })).error).to.have.length.at.most(4_000);
  });

  it('does not take what the model says for events, requests or denials', () => {
    const facts = read(
      say(`${event('runFinished', { status: 'success' })}Confirm the following code in the browser\n[denied] it\n`),
    );
    expect(facts).to.deep.include({ finished: null, asksForLogin: false, deniedTools: [], words: '', calls: [] });
  });

  it('names the tools that were denied, by their events or on standard error', () => {
    const text = '[denied] tool permission approval is not supported in non-interactive mode.';
    const call = update('tool_call', { toolCallId: 't', title: 'Running: npm test' });
    const end = (words: string) =>
      update('tool_call_update', {
        toolCallId: 't',
        status: 'failed',
        content: [{ type: 'content', content: { type: 'text', text: words } }],
      });
    expect(read(call + end(text)).deniedTools).to.deep.equal(['Running: npm test']);
    expect(read(call + end('exit code 1')).deniedTools).to.deep.equal([]);
    expect(read(call + end('exit code 1'), { stderr: `${text}\n` }).deniedTools).to.deep.equal(['a tool']);
  });

  it('keeps the program’s own last words without terminal sequences', () => {
    const { words } = read('\u001b[31mwarning\u001b[0m: slow\n', { stderr: `${'x\n'.repeat(50)}dispatch failure\n` });
    expect(words.split('\n')).to.have.length(20);
    expect(words).to.match(/dispatch failure$/);
  });

  it('asks to end a run that wants a login, unless the model was reached already', () => {
    const login = 'Confirm the following code in the browser\nCode: ABCD\n';
    expect(read(login)).to.deep.include({ asksForLogin: true, calls: ['login'] });
    expect(read('\r▰▰▰▱▱▱▱ Logging in...')).to.deep.include({ asksForLogin: true });
    expect(read(`${'[INFO] line\n'.repeat(30)}${login}`)).to.deep.include({ asksForLogin: true, calls: ['login'] });
    // A server that the run has started may want one of its own.
    expect(read(`${say('x')}${login}`)).to.deep.include({ asksForLogin: false, calls: [] });
  });

  it('comes to the same whatever the pieces are in which the bytes arrive', () => {
    const text = `${say('Grüße 👋\n')}garbage\n${metering('s', 0.25)}${finished}`;
    const whole = read(text);
    for (const chunk of [1, 2, 3, 7, 64]) expect(read(text, { chunk }), `pieces of ${chunk}`).to.deep.equal(whole);
  });

  it('never throws and never sees a success, whatever is printed', () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000);
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('{"type":"runFinished"}', '{"type":"metadata","data":[]}'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => read(lines.join('\n')).finished === null),
      { seed, numRuns: 300 },
    );
  });

  it('does not hold a line that never ends', () => {
    const reader = createStreamReader({
      onFinished: () => undefined,
      onGoesOn: () => undefined,
      onLogin: () => undefined,
    });
    const chunk = Buffer.alloc(1 << 20, 'x');
    for (let count = 0; count < 64; count += 1) reader.read(chunk, 'stdout');
    const before = process.memoryUsage().heapUsed;
    expect(before).to.be.lessThan(512 * 1024 * 1024);
    expect(reader.read(Buffer.from(`\n${finished}`), 'stdout')).to.equal(
      `… a line of ${64 << 20} characters\n[finished] success (end_turn)\n`,
    );
    expect(reader.facts().finished?.success).to.equal(true);
  });

  it('remembers only so many tools and sessions', () => {
    let text = '';
    for (let at = 0; at < 1_200; at += 1)
      text += update('tool_call', { toolCallId: `t${at}`, title: `T${at}` }) + metering(`s${at}`, 1);
    expect(read(text).credits).to.equal(1_200);
    const late = read(text + update('tool_call_update', { toolCallId: 't1100', status: 'failed' }));
    expect(late.log).to.match(/\[tool\] a tool: failed\n$/);
  });
});
