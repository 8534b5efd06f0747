import { expect } from 'chai';
import type { AgentGround, Assignment } from '../../../../worker/build/agent/agent';
import { kiroAgent } from '../../../../worker/build/agent/kiro-agent';
import type { ForeignEnd, ForeignProgram } from '../../../../worker/build/sandbox';

const HELP = '--no-interactive\n--trust-all-tools\n--output-format <F> [possible values: text, stream-json]\n';
const ASSIGNMENT: Assignment = {
  task: { id: '1', title: 'Do it' },
  prompt: 'Do it.',
  promptFile: '/nowhere',
  specPath: '.kiro/specs/shop',
  timeoutSeconds: 60,
  stallSeconds: 20,
  choices: { requireMcp: false },
};

/** Works on a ground where every run prints `events` and takes `seconds`; gives the programs that were started, and how it ended. */
const work = async (events: readonly object[], seconds: number, complaint = '') => {
  const started: ForeignProgram[] = [];
  const lines: string[] = [];
  const answers: Readonly<Record<string, string>> = {
    '--version': 'kiro-cli 2.21.2\n',
    whoami: 'Authenticated with API key\n',
    'chat --help': HELP,
  };
  const run = async (program: ForeignProgram): Promise<ForeignEnd> => {
    const asked = answers[program.args.join(' ')];
    if (asked === undefined) started.push(program);
    const text = asked ?? events.map((event) => `${JSON.stringify(event)}\n`).join('');
    program.reader?.read(Buffer.from(text), 'stdout');
    if (asked === undefined) program.reader?.read(Buffer.from(complaint), 'stderr');
    program.reader?.end();
    const exitCode = asked === undefined ? 1 : 0;
    return { ending: 'exited', exitCode, endSignal: null, reason: '', seconds, tail: '' };
  };
  const runOurs = async () => ({ exitCode: 0, stderr: '' }) as Awaited<ReturnType<AgentGround['sandbox']['runOurs']>>;
  const agent = kiroAgent(
    { engine: 'v2', apiKey: 'ksk_0123456789', specPath: '.kiro/specs/shop' },
    {
      install: async () => ({ binary: 'kiro-cli', searchPath: null }),
      searchPath: '/usr/bin',
      redact: (text) => text,
      log: (line) => lines.push(line),
      pause: async () => undefined,
    },
  );
  const outcome = await agent
    .perform(ASSIGNMENT, { sandbox: { run, runOurs }, home: '/nowhere' }, () => undefined)
    .then(
      () => 'done',
      (error: Error) => error.name,
    );
  return { outcome, started, lines };
};

const AWAY = { type: 'runError', data: { stage: 'prompt', message: 'dispatch failure: connection reset' } };

describe('kiroAgent', () => {
  it('gives all tries together the time of one task, and each the same patience with silence', async () => {
    const { outcome, started } = await work([AWAY], 25);
    expect(outcome).to.equal('AgentUnavailable');
    expect(started.map(({ timeoutSeconds }) => timeoutSeconds)).to.deep.equal([60, 35, 10, 1]);
    expect(started.map(({ stallSeconds }) => stallSeconds)).to.deep.equal([20, 20, 20, 20]);
  });

  it('does not repeat a run that was charged for, though it has not said a word', async () => {
    const charged = { type: 'metadata', data: { sessionId: 's', meteringUsage: [{ value: 0.1 }] } };
    const { outcome, started } = await work([charged, AWAY], 1);
    expect([outcome, started.length]).to.deep.equal(['AgentUnavailable', 1]);
  });

  it('says in the log when another model did the work than the one that was asked for', async () => {
    const finished = { type: 'runFinished', data: { status: 'success', stopReason: 'end_turn' } };
    const { outcome, lines } = await work([finished], 1, 'model "tiny" not found, using "auto"\n');
    expect(outcome).to.equal('done');
    expect(lines.join('\n')).to.contain(
      'did not use the model that was asked for: model "tiny" not found, using "auto"',
    );
  });
});
