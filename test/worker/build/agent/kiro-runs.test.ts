import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Replay } from '../../../../local/sample/replay-agent';
import { type AgentBench, API_KEY, openAgentBench } from '../../../support/agent-bench';
import { inWhoseName } from '../../../support/build-ground';

const WRITES = { 'done.txt': 'done\n' };

describe(`the Kiro agent, ${inWhoseName}`, function () {
  this.timeout(60_000);
  let bench: AgentBench | null = null;
  const open = async (replay: Partial<Replay>, engine: 'v2' | 'v3' = 'v2'): Promise<AgentBench> => {
    bench = await openAgentBench({ version: '2.21.2', fault: 'none', writes: WRITES, ...replay }, engine);
    return bench;
  };
  afterEach(() => bench?.close());
  const wroteIt = (): boolean => existsSync(join(bench?.build.folder.tree ?? '', 'done.txt'));
  const leftRunning = (): readonly string[] =>
    (bench?.ground.lines ?? []).filter((line) => line.includes('left running'));

  for (const { version, engine, output, credits, stopReason } of [
    { version: '2.4.2', engine: 'v2', output: 'plain', credits: 0.74, stopReason: null },
    { version: '2.13.0', engine: 'v2', output: 'plain', credits: 0.74, stopReason: null },
    { version: '2.21.2', engine: 'v2', output: 'stream-json', credits: 0.74, stopReason: 'end_turn' },
    { version: '2.37.1', engine: 'v2', output: 'stream-json', credits: 0.74, stopReason: 'end_turn' },
    { version: '2.21.2', engine: 'v3', output: 'stream-json', credits: null, stopReason: 'end_turn' },
    { version: '2.37.1', engine: 'v3', output: 'stream-json', credits: null, stopReason: 'end_turn' },
  ] as const)
    it(`works with kiro-cli ${version} and its engine ${engine}`, async () => {
      const { work, build, ground } = await open({ version }, engine);
      const run = await work();
      expect(run).to.deep.include({ credits, stopReason, version, deniedTools: [] });
      expect(ground.lines.join('\n')).not.to.contain('was asked for');
      expect(wroteIt()).to.equal(true);
      const { runs, ...report } = build.agent.report();
      expect(report).to.deep.equal({ kind: 'kiro-cli', version, engine, output, credits });
      expect(runs.map(({ seconds, ...rest }) => ({ ...rest, took: seconds > 0 }))).to.deep.equal([
        { task: '1', credits, stopReason, took: true },
      ]);
      expect(ground.lines.join('\n')).to.match(
        new RegExp(
          `kiro-cli ${version}: the key is accepted; engine ${engine} .*output ${output}; knows --no-interactive`,
        ),
      );
    });

  it('shows what it says in its log, in words', async () => {
    const { work, build } = await open({});
    await work();
    expect(readFileSync(join(build.folder.private, 'agent-1.log'), 'utf8')).to.equal(
      'I will write the code.\n[tool] Writing the files of the task\n[finished] success (end_turn)\n',
    );
    expect(readFileSync(join(build.folder.private, 'agent-whoami.log'), 'utf8')).to.equal('');
  });

  for (const [what, replay, engine, code, message] of [
    ['a key that is refused at once', { fault: 'bad-key' }, 'v2', 'AgentKeyRefused', /2\.21\.2 did not accept/],
    ['a key that is refused later', { fault: 'revoked-key' }, 'v2', 'AgentKeyRefused', /Authentication failed/],
    [
      'a key that is refused, in plain text',
      { fault: 'revoked-key', version: '2.4.2' },
      'v2',
      'AgentKeyRefused',
      /task 1/,
    ],
    ['a login that nobody will do', { fault: 'login' }, 'v2', 'AgentKeyRefused', /asked for a person to log in/],
    ['a login, in plain text', { fault: 'login', version: '2.13.0' }, 'v2', 'AgentKeyRefused', /asked for a person/],
    ['a quota that is used up', { fault: 'quota' }, 'v2', 'AgentQuotaUsedUp', /limits reset on 12\/01/],
    ['a quota, in plain text', { fault: 'quota', version: '2.4.2' }, 'v2', 'AgentQuotaUsedUp', /nothing left to spend/],
    ['a quota, of engine v3', { fault: 'quota' }, 'v3', 'AgentQuotaUsedUp', /MONTHLY_REQUEST_COUNT/],
    ['a quota, in later words', { fault: 'usage-limit' }, 'v2', 'AgentQuotaUsedUp', /monthly usage limit/],
    [
      'an account that is locked',
      { fault: 'locked', version: '2.4.2' },
      'v2',
      'AgentKeyRefused',
      /has locked the account/,
    ],
    ['a network that breaks off', { fault: 'breaks-off' }, 'v2', 'AgentUnavailable', /TLS protocol error/],
    [
      'a quota, with an error and much noise after it',
      { fault: 'quota-noise' },
      'v2',
      'AgentQuotaUsedUp',
      /request limit reached/,
    ],
    [
      'a quota, with much noise after it, in plain text',
      { fault: 'quota-noise', version: '2.4.2' },
      'v2',
      'AgentQuotaUsedUp',
      /request limit reached/,
    ],
    [
      'a login after many warnings',
      { fault: 'late-login', version: '2.4.2' },
      'v2',
      'AgentKeyRefused',
      /asked for a person/,
    ],
    [
      'a run that was killed while it spoke of a key',
      { fault: 'quotes-errors', version: '2.4.2' },
      'v2',
      'AgentDied',
      /SIGKILL|signal 9/,
    ],
    [
      'a run that says itself that it failed',
      { fault: 'fails-itself' },
      'v2',
      'AgentDied',
      /did not succeed \(failure\)/,
    ],
    [
      'a network that breaks off while it only thinks',
      { fault: 'thinks' },
      'v2',
      'AgentUnavailable',
      /connection reset/,
    ],
    [
      'a network that breaks off once it is paid for',
      { fault: 'charged' },
      'v2',
      'AgentUnavailable',
      /connection reset/,
    ],
    ['a version that ignores stream-json', { fault: 'deaf' }, 'v2', 'AgentNoOutput', /never said .* Credits: 0\.74/s],
    ['a run that is killed', { fault: 'killed' }, 'v2', 'AgentDied', /was ended by (?:signal 9|SIGKILL)/],
    ['a run that stops early', { fault: 'early' }, 'v2', 'AgentDied', /stopped early: max_tokens/],
    ['an engine that reports nothing', { version: '2.13.0' }, 'v3', 'AgentUnsupported', /not report in stream-json/],
    ['an engine that is not there', { version: '2.4.2' }, 'v3', 'AgentUnsupported', /has no engine v3/],
    ['a version that needs a terminal', { version: '1.22.0' }, 'v2', 'AgentUnsupported', /--no-interactive/],
  ] as const)
    it(`calls ${what} ${code}, and does not try it again`, async () => {
      const { failure, pauses, build } = await open(replay, engine);
      const found = await failure();
      expect(found.code, found.message).to.equal(code);
      expect(found.message).to.match(message);
      expect(found.remedy).not.to.equal('');
      expect(pauses).to.deep.equal([]);
      expect(build.agent.report().runs.map(({ stopReason }) => stopReason)).to.satisfy((codes: string[]) =>
        codes.every((each) => each === code),
      );
    });

  it('calls a run without proof AgentNoOutput, whatever its exit code is, after four tries', async () => {
    const { failure, pauses, build } = await open({ fault: 'no-output' });
    expect(await failure()).to.deep.include({ code: 'AgentNoOutput' });
    expect(pauses).to.have.length(3);
    expect(build.agent.report()).to.deep.include({ credits: null });
    expect(build.agent.report().runs.map(({ stopReason }) => stopReason)).to.deep.equal(Array(4).fill('AgentNoOutput'));
  });

  it('tries again when Kiro could not be reached, and works when it can', async () => {
    const { work, pauses, build } = await open({ fault: 'unavailable-once' });
    expect(await work()).to.deep.include({ credits: 0.74 });
    expect(pauses).to.have.length(1);
    expect(build.agent.report().runs.map(({ stopReason }) => stopReason)).to.deep.equal([
      'AgentUnavailable',
      'end_turn',
    ]);
    expect(wroteIt()).to.equal(true);
  });

  it('ends a silent run (AgentStalled), and one that talks on for ever (AgentTimedOut)', async () => {
    const { failure } = await open({ fault: 'hang' });
    expect((await failure({ stallSeconds: 1 })).code).to.equal('AgentStalled');
    await bench?.close();
    const talking = await open({ fault: 'chatter' });
    expect((await talking.failure({ timeoutSeconds: 2, stallSeconds: 1 })).code).to.equal('AgentTimedOut');
  });

  it('says which tools were denied, and leaves it to the work tree whether that matters', async () => {
    const { work } = await open({ fault: 'denied-tool' });
    expect((await work()).deniedTools).to.deep.equal(['Running: npm test']);
    await bench?.close();
    const plain = await open({ fault: 'denied-tool', version: '2.4.2' });
    expect((await plain.work()).deniedTools).to.deep.equal(['a tool']);
  });

  it('believes a run that has got over an error of its own', async () => {
    const { work } = await open({ fault: 'recovers' });
    expect(await work()).to.deep.include({ stopReason: 'end_turn', credits: 0.74 });
    expect(wroteIt()).to.equal(true);
  });

  it('ends a server that outlives the run and holds its pipes', async () => {
    const { work } = await open({ fault: 'leak' });
    const run = await work();
    expect(run.stopReason).to.equal('end_turn');
    expect(leftRunning()).to.have.length(1);
  });

  it('ends a process that does not leave although it is done', async () => {
    const { work } = await open({ fault: 'lingers' });
    const { stopReason, seconds } = await work({ stallSeconds: 50 });
    expect(stopReason).to.equal('end_turn');
    expect(seconds).to.be.below(40); // five, on a machine that has nothing else to do
  });

  it('finds its way through garbage and lines of any length', async () => {
    const { work, build } = await open({ fault: 'garbage' });
    expect(await work()).to.deep.include({ credits: 0.74, stopReason: 'end_turn' });
    expect(readFileSync(join(build.folder.private, 'agent-1.log'), 'utf8')).to.contain(
      '… a line of 9437184 characters',
    );
    await bench?.close();
    const plain = await open({ fault: 'garbage', version: '2.13.0' });
    expect((await plain.work()).credits).to.equal(0.74);
  });

  it('gives kiro-cli a home without settings, sessions and logins that install scripts may have left', async () => {
    const { work, build } = await open({});
    await build.agent.prepare();
    const { home } = build.folder;
    const plant =
      'mkdir -p .kiro/settings .local/share/kiro-cli .aws/sso; echo {} > .kiro/settings/mcp.json; touch .npmrc; chmod -R a-w .kiro .local .aws';
    const args = ['-c', `cd "$HOME" && ${plant}`];
    await build.sandbox.run({ command: 'sh', args, logName: 'plant.log', title: 'plant', timeoutSeconds: 10 });
    expect(existsSync(join(home, '.kiro/settings/mcp.json'))).to.equal(true);
    await work();
    expect(
      ['.kiro', '.local/share/kiro-cli', '.aws/sso', '.npmrc'].map((name) => existsSync(join(home, name))),
    ).to.deep.equal([false, false, false, true]);
  });

  it('fails when the custom agent that was asked for is not used, whether kiro-cli says so or goes on without it', async () => {
    const { failure } = await open({});
    expect((await failure({ profile: 'builder' })).code).to.equal('AgentProfileMissing');
    await bench?.close();
    const falling = await open({ version: '2.4.2' });
    const { code, message } = await falling.failure({ profile: 'builder' });
    expect(code).to.equal('AgentProfileMissing');
    expect(message).to.contain('ignored the custom agent "builder"');
  });

  it('uses a custom agent of engine v3, which is Markdown with permissions', async () => {
    const { failure, work, build } = await open({}, 'v3');
    const agents = join(build.folder.tree, '.kiro/agents');
    mkdirSync(agents, { recursive: true });
    writeFileSync(join(agents, 'builder.json'), '{}');
    expect((await failure({ profile: 'builder' })).code).to.equal('AgentProfileMissing');
    writeFileSync(join(agents, 'builder.md'), '---\nname: builder\n---\n');
    expect((await failure({ profile: 'builder' })).code).to.equal('AgentProfileMissing');
    writeFileSync(join(agents, 'builder.md'), '---\nname: builder\npermissions:\n  shell: allow\n---\n');
    expect(await work({ profile: 'builder' })).to.deep.include({ stopReason: 'end_turn' });
  });

  it('uses the custom agent and the model that were asked for', async () => {
    const { work, build } = await open({ version: '2.4.2' });
    mkdirSync(join(build.folder.tree, '.kiro/agents'), { recursive: true });
    writeFileSync(join(build.folder.tree, '.kiro/agents/builder.json'), '{}');
    expect(await work({ profile: 'builder', model: 'claude-sonnet-4.6' })).to.deep.include({ credits: 0.74 });
  });

  it('calls an MCP server that must start and does not AgentMcpFailed', async () => {
    const { failure, build } = await open({});
    mkdirSync(join(build.folder.tree, '.kiro/settings'), { recursive: true });
    writeFileSync(join(build.folder.tree, '.kiro/settings/mcp.json'), '{}');
    const { code, message } = await failure({ requireMcp: true });
    expect(code).to.equal('AgentMcpFailed');
    expect(message).to.contain('MCP server "broken" failed to start');
    await bench?.close();
    const old = await open({ version: '2.4.2' }); // starts none with an API key, and goes on
    expect((await old.failure({ requireMcp: true })).code).to.equal('AgentMcpFailed');
    expect((await old.failure()).code).to.equal('done');
  });

  it('never shows the key', async () => {
    const { work, ground, build } = await open({});
    await work();
    expect(ground.lines.join('\n') + JSON.stringify(build.agent.report())).not.to.contain(API_KEY);
  });
});
