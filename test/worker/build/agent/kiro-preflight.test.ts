import { expect } from 'chai';
import { preflightKiro } from '../../../../worker/build/agent/kiro-preflight';
import type { ForeignEnd, ForeignProgram } from '../../../../worker/build/sandbox';

type Answer = Partial<ForeignEnd> & { readonly stdout?: string; readonly stderr?: string };
type Question = '--version' | 'whoami' | 'chat --help';

const GOOD: Readonly<Record<Question, Answer>> = {
  '--version': { stdout: 'kiro-cli 2.21.2\n' },
  whoami: { stdout: 'Authenticated with API key\nEmail: someone@example.com\n' },
  'chat --help': { stdout: '      --no-interactive\n      --trust-all-tools\n' },
};

const ended: ForeignEnd = { ending: 'exited', exitCode: 0, endSignal: null, reason: '', seconds: 1, tail: '' };

/** What kiro-cli answers, handed to the preflight; the last answer of a list stays. */
const preflight = async (answers: Partial<Record<Question, Answer | readonly Answer[]>>) => {
  const left = { ...GOOD, ...answers };
  const asked: string[] = [];
  const lines: string[] = [];
  const run = async ({ args, reader }: ForeignProgram): Promise<ForeignEnd> => {
    const question = args.join(' ') as Question;
    asked.push(question);
    const given = left[question];
    const [answer = {}, ...rest] = Array.isArray(given) ? (given as readonly Answer[]) : [given as Answer];
    if (rest.length > 0) left[question] = rest;
    const { stdout = '', stderr = '', ...end } = answer;
    for (const byte of Buffer.from(stdout)) reader?.read(Buffer.from([byte]), 'stdout');
    reader?.read(Buffer.from(stderr), 'stderr');
    reader?.end();
    return { ...ended, tail: stderr, ...end };
  };
  const setting = { binary: 'kiro-cli', engine: 'v2' as const, variables: {} };
  const deps = { sandbox: { run }, pause: async () => undefined, log: (line: string) => lines.push(line) };
  try {
    const abilities = await preflightKiro(setting, deps);
    return { outcome: abilities.version, message: '', asked, lines };
  } catch (error) {
    return { outcome: (error as Error).name, message: (error as Error).message, asked, lines };
  }
};

describe('the preflight of kiro-cli', () => {
  it('asks three questions, and tells what it has found but not whose key it is', async () => {
    const { outcome, asked, lines } = await preflight({});
    expect(outcome).to.equal('2.21.2');
    expect(asked).to.deep.equal(['--version', 'whoami', 'chat --help']);
    expect((await preflight({ '--version': { stdout: 'New: 2.99.0 is out\nkiro-cli 2.21.2\n' } })).outcome).to.equal(
      '2.21.2',
    );
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('kiro-cli 2.21.2').and.to.contain('output plain').and.not.to.contain('example.com');
  });

  it('knows a program that is missing, is another one, or cannot run here', async () => {
    const version = async (answer: Answer) => {
      const { outcome, message } = await preflight({ '--version': answer });
      return `${outcome}: ${message}`;
    };
    expect(await version({ ending: 'not-started', exitCode: null, reason: 'ENOENT' })).to.match(
      /^AgentNotFound: .*ENOENT/,
    );
    expect(await version({ exitCode: 127, stderr: 'sh: kiro-cli: not found' })).to.match(/^AgentNotFound/);
    expect(await version({ stdout: 'hello\n' })).to.match(/^AgentNotFound: .*is not kiro-cli: .*"hello"/);
    expect(await version({ exitCode: 1, stderr: "libc.so.6: version `GLIBC_2.39' not found" })).to.match(
      /^AgentUnsupported: .*GLIBC_2\.39/,
    );
    expect(await version({ exitCode: 126, stderr: 'cannot execute binary file: Exec format error' })).to.match(
      /^AgentUnsupported/,
    );
    expect(await version({ ending: 'timed-out', exitCode: null })).to.match(/^AgentUnavailable: .*no answer in 60 s/);
    expect(await version({ exitCode: 1, stderr: 'boom' })).to.match(/^AgentDied: .*boom/);
  });

  it('knows a key that is refused in every way in which that was seen', async () => {
    for (const whoami of [
      { stderr: 'Authentication failed. Your API key may be invalid or expired.\n' },
      { stdout: 'Authenticated with API key\n', stderr: 'Authentication failed.\n' },
      { stdout: 'Not logged in\n', exitCode: 1 },
      { stderr: 'error: Not logged in\n', exitCode: 1 },
      { stdout: 'Logged in with Builder ID\n' },
      { stdout: '', exitCode: 0 },
      { stdout: 'Confirm the following code in the browser\nCode: X\n', ending: 'aborted', exitCode: null },
      { stdout: 'Confirm the following code in the browser\n', ending: 'timed-out', exitCode: null },
    ] as const) {
      const { outcome, asked } = await preflight({ whoami });
      expect(outcome, JSON.stringify(whoami)).to.equal('AgentKeyRefused');
      expect(asked).to.deep.equal(['--version', 'whoami']);
    }
  });

  it('asks again when Kiro cannot be reached, and calls a key that cannot be checked neither good nor bad', async () => {
    const away: Answer = { exitCode: 1, stderr: 'dispatch failure: error sending request' };
    const once = await preflight({ whoami: [away, GOOD.whoami] });
    expect(once.outcome).to.equal('2.21.2');
    expect(once.asked.filter((question) => question === 'whoami')).to.have.length(2);
    const never = await preflight({ whoami: away });
    expect(never.outcome).to.equal('AgentUnavailable');
    expect(never.asked.filter((question) => question === 'whoami')).to.have.length(4);
    expect((await preflight({ whoami: { ending: 'timed-out', exitCode: null } })).outcome).to.equal('AgentUnavailable');
    const broken = await preflight({ whoami: { exitCode: 101, stderr: 'thread panicked', tail: '' } });
    expect([broken.outcome, broken.message]).to.deep.equal([
      'AgentDied',
      'kiro-cli 2.21.2 whoami exited with 101. Its last words: thread panicked',
    ]);
  });

  it('fails when it cannot find out what the version can do', async () => {
    expect(
      (await preflight({ 'chat --help': { exitCode: 2, stderr: "unrecognized subcommand 'chat'" } })).outcome,
    ).to.equal('AgentUnsupported');
    expect((await preflight({ 'chat --help': { exitCode: 1, stderr: 'no' } })).outcome).to.equal('AgentDied');
  });
});
