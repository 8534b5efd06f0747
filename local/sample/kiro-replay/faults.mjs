// The failure catalogue: what kiro-cli was seen to do when something goes wrong. Each fault gets the run and plays it to its end.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainVoice } from './voice.mjs';

const print = (text) => process.stdout.write(text);
const complain = (text) => process.stderr.write(text);
const end = (code) => {
  process.exitCode = code;
};
const forever = (milliseconds, work = () => undefined) => setInterval(work, milliseconds);

/** A server that outlives its parent and holds the pipes of whoever reads it. */
export const leaveServer = (detached) => {
  const script = 'setInterval(() => undefined, 1000) // acp-server.js';
  spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit'], detached }).unref();
};

/** Device login: a code, then a spinner, for as long as nobody logs in. --no-interactive does not prevent it. */
export const askForLogin = () => {
  print(
    'Confirm the following code in the browser\nCode: ABCD-EFGH\n\nOpen this URL: https://view.awsapps.com/start/#/device\n',
  );
  forever(100, () => print('\r▰▰▰▱▱▱▱ Logging in...'));
};

const work = ({ voice, write }) => {
  voice.start();
  voice.say('I will write the code.');
  voice.tool('Writing the files of the task');
  write();
};

const GARBAGE = [
  '',
  '{',
  'not json',
  '{"type":"totally_unknown"}',
  '{"type":"runFinished","data":{}}',
  '[1,2]',
  '\u001b[2K\u0007',
  '{"type":"sessionUpdate","data":null}',
];

export const faults = {
  none: (run) => {
    work(run);
    run.voice.finish();
  },
  'says-done': ({ voice }) => {
    voice.start();
    voice.say('All is done already.');
    voice.finish();
  },
  'bad-key': () => complain('Authentication failed. Your API key may be invalid or expired.\n'),
  'revoked-key': () => complain('Authentication failed. Your API key may be invalid or expired.\n'),
  login: askForLogin,
  quota: ({ engine, voice }) => {
    if (engine !== 'v3') return complain('Monthly request limit reached\nThe limits reset on 12/01\n');
    voice.start();
    voice.error('Monthly request limit reached');
    complain('{"name":"UsageLimitReachedError","reason":"MONTHLY_REQUEST_COUNT"}\n');
    return end(1);
  },
  // It calls itself a success all the same.
  'quota-success': ({ voice }) => {
    voice.start();
    complain('Monthly request limit reached\n');
    voice.finish();
  },
  // As 2.11 and 2.29 say it.
  'usage-limit': ({ voice }) => {
    voice.start();
    voice.error('The monthly usage limit has been reached');
    complain('Error: Internal error (code -32603): The monthly usage limit has been reached\n');
    end(1);
  },
  throttled: ({ voice }) => {
    voice.start();
    voice.error('The request was throttled by the service (request_id: 75c1c430-2f69-4aa0-af49-82756178ba9e)');
    end(1);
  },
  locked: () => {
    complain(
      'Kiro is having trouble responding right now:\n   0: Failed to send the request: An unknown error occurred: AccessDeniedException\n' +
        '   5: Error { code: "AccessDeniedException", message: "Your User ID (0000) temporarily is suspended. We\'ve locked your account as a security precaution." }\n',
    );
    end(1);
  },
  'quota-noise': ({ voice }) => {
    voice.start();
    complain(`Monthly request limit reached\n${'    at a frame (kiro)\n'.repeat(60)}`);
  },
  'late-login': () => {
    complain('WARN an MCP server is disabled\n'.repeat(40));
    askForLogin();
  },
  'quotes-errors': (run) => {
    run.voice.start();
    run.voice.say('I map 401 to the text\nAuthentication failed\nand 503 to: service unavailable\n');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
  },
  'fails-itself': (run) => {
    work(run);
    run.voice.finish('failure', 'failed');
  },
  thinks: ({ voice }) => {
    voice.start();
    voice.think('Hm.');
    voice.error('dispatch failure: connection reset');
    end(1);
  },
  // It was asked for stream-json.
  deaf: ({ write }) => {
    const voice = plainVoice('v2');
    voice.say('I will write the code.\n');
    write();
    voice.finish();
  },
  charged: ({ voice }) => {
    voice.start();
    voice.charge(0.12);
    voice.error('dispatch failure: connection reset');
    end(1);
  },
  recovers: (run) => {
    run.voice.start();
    run.voice.error('MCP server "github" failed to load');
    work(run);
    setTimeout(() => run.voice.finish(), 6_000); // longer than a run that is over may linger
  },
  'denied-tool': ({ voice }) => {
    voice.start();
    voice.denied('Running: npm test');
    voice.say('I may not do that.');
    voice.finish();
  },
  mcp: () => {
    complain('MCP server "broken" failed to start: connection closed\n');
    end(3);
  },
  'agent-missing': () => {
    complain('error: the default agent "builder" is not available\n');
    end(4);
  },
  'no-output': () => undefined,
  hang: ({ voice }) => {
    voice.start();
    forever(1000);
  },
  chatter: ({ voice }) => {
    voice.start();
    forever(200, () => voice.say('Thinking ... '));
  },
  unavailable: ({ voice }) => {
    voice.start();
    voice.error('dispatch failure: error sending request for url (https://runtime.us-east-1.kiro.dev/)');
    end(1);
  },
  'unavailable-once': (run) => {
    const mark = join(process.env.TMPDIR ?? '/tmp', 'kiro-replay-tried');
    if (existsSync(mark)) return faults.none(run);
    writeFileSync(mark, '');
    return faults.unavailable(run);
  },
  'breaks-off': (run) => {
    work(run);
    run.voice.error('TLS protocol error interrupted the connection');
    end(1);
  },
  killed: (run) => {
    work(run);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
  },
  early: (run) => {
    work(run);
    run.voice.finish('max_tokens');
  },
  leak: (run) => {
    leaveServer(true);
    faults.none(run);
  },
  lingers: (run) => {
    faults.none(run);
    forever(1000);
  },
  garbage: (run) => {
    for (const line of GARBAGE) print(`${line}\n`);
    print(`${'x'.repeat(9 * 1024 * 1024)}\n`);
    faults.none(run);
    for (const line of GARBAGE) print(`${line}\r\n`);
  },
};
