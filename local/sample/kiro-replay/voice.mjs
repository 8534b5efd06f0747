// How a run is told: as a transcript for a terminal, or as one JSON object per line.

const SESSION = 'c0457f16-361c-42d1-a5f0-2480a4b68c58';
const CHILD = '6a80049c-0a44-4e1f-a06c-3720fc6d9202';

const print = (text) => process.stdout.write(text);
const complain = (text) => process.stderr.write(text);
const credit = (value) => ({ value, unit: 'credit', unitPlural: 'credits' });

/** The transcript: colours whatever NO_COLOR says, and what it cost on standard error. */
export const plainVoice = (engine) => ({
  start: () => engine === 'v3' && print('[INFO] [KiroAgent] MCP subsystem initialized\n'),
  say: (text) => print(`\u001b[38;5;141m> \u001b[0m${text}`),
  think: () => undefined,
  charge: () => undefined,
  tool: (title) => print(`${title} (using tool: write)\n`),
  denied: (title) => {
    print(`${title} (using tool: shell)\n`);
    complain(
      'Command execute_bash is rejected because it matches one or more rules on the denied list:\n  - non-interactive mode (no user to approve)\n',
    );
  },
  error: (message) => complain(`error: ${message}\n`),
  finish: () => engine !== 'v3' && complain('\u001b[38;5;8m\n ▸ Credits: 0.74 • Time: 4s\n\u001b[0m'),
});

/** `--output-format stream-json`. Engine v3 tells nothing about credits. */
export const streamVoice = (engine) => {
  const send = (type, data) => print(`${JSON.stringify({ type, data })}\n`);
  const update = (sessionUpdate, more, sessionId = SESSION) =>
    send('sessionUpdate', { sessionId, update: { sessionUpdate, ...more } });
  const text = (words) => ({ type: 'text', text: words });
  let calls = 0;
  const call = (title, status, words) => {
    calls += 1;
    const toolCallId = `tooluse_${calls}`;
    update('tool_call', { toolCallId, title, kind: 'edit', rawInput: {}, _meta: { kiro: { toolName: 'write' } } });
    update('tool_call_update', { toolCallId, status, title, content: [{ type: 'content', content: text(words) }] });
  };
  const meter = (sessionId, ...values) =>
    engine === 'v2' &&
    send('metadata', {
      sessionId,
      contextUsagePercentage: 9.2,
      meteringUsage: values.map(credit),
      turnDurationMs: 4738,
    });
  return {
    start: () => {
      send('runStarted', { payloadSchema: 'acp', acpProtocolVersion: 1, engine });
      if (engine === 'v2') send('metadata', { sessionId: SESSION, contextUsagePercentage: 3.58 });
      update('config_option_update', { configOptions: [] });
    },
    say: (words) => {
      for (const part of words.match(/[\s\S]{1,7}/gu) ?? []) update('agent_message_chunk', { content: text(part) });
    },
    think: (words) => update('agent_thought_chunk', { content: text(words) }),
    tool: (title) => call(title, 'completed', 'done'),
    denied: (title) => {
      complain(
        '[denied] tool permission approval is not supported in non-interactive mode. Use --trust-all-tools to auto-approve.\n',
      );
      call(title, 'failed', '[denied] tool permission approval is not supported in non-interactive mode.');
    },
    charge: (value) => meter(SESSION, value),
    error: (message) => send('runError', { sessionId: SESSION, stage: 'prompt', message }),
    finish: (stopReason = 'end_turn', status = 'success') => {
      meter(CHILD, 0.29);
      meter(SESSION, 0.3, 0.15);
      send('runFinished', {
        sessionId: SESSION,
        status,
        stopReason,
        finalText: 'Done.',
        finalTextTruncated: false,
      });
    },
  };
};
