import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentArchiveKey } from '../../../../domain/agent-archive';
import { hasCode } from '../../../../domain/errors';
import { type Replay, zipReplay } from '../../../../local/sample/replay-agent';
import { API_KEY, kiroScene, layReplay, pinReplay } from '../../../support/agent-bench';
import { type BuildGround, inWhoseName, prepareBuild, type Scene, testUser } from '../../../support/build-ground';

const TWO_TASKS = '# Plan\n\n- [ ] 1. First\n- [ ] 2. Second\n';

describe(`a build with the Kiro agent, ${inWhoseName}`, function () {
  this.timeout(60_000);
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene, replay: Partial<Replay> = {}): Promise<BuildGround> => {
    ground = await prepareBuild(kiroScene('v2', scene));
    await pinReplay(ground, {
      default: { version: '2.21.2', fault: 'none', writes: { 'done.txt': 'done\n' }, ...replay },
    });
    return ground;
  };
  afterEach(() => ground?.remove());

  it('commits what it has done, and says which agent it was and what each run cost', async () => {
    const { run, logText, lines } = await prepare({});
    const result = await run();
    expect(result.commits).to.have.length(1);
    const { runs = [], ...agent } = result.agent ?? {};
    expect(agent).to.deep.equal({
      kind: 'kiro-cli',
      version: '2.21.2',
      engine: 'v2',
      output: 'stream-json',
      credits: 0.74,
    });
    expect(runs.map(({ task, credits, stopReason }) => [task, credits, stopReason])).to.deep.equal([
      ['1', 0.74, 'end_turn'],
    ]);
    expect(lines.join('\n')).to.match(/installed the pinned agent [0-9a-f]{64} \(\d+ bytes\)/);
    expect(logText('agent-abilities.log')).to.contain('--output-format');
    expect(JSON.stringify(result)).not.to.contain(API_KEY);
  });

  it('says what was spent when nothing came of it: in the error', async () => {
    const { fail } = await prepare({}, { fault: 'says-done' });
    const error = await fail();
    expect(error.name).to.equal('AgentDidNothing');
    expect(error).to.have.nested.property('agent.credits', 0.74);
    expect(error).to.have.nested.property('agent.runs[0].stopReason', 'end_turn');
  });

  it('says what was spent by a run that failed after an earlier one was committed', async () => {
    const { run } = await prepare({ tasks: TWO_TASKS }); // the second task finds its files written already
    const result = await run();
    expect(result.fault).to.deep.include({ code: 'AgentDidNothing', task: '2' });
    expect(result.commits).to.have.length(1);
    expect(result.agent?.credits).to.equal(1.48);
  });

  it('blames the tools that were denied when nothing has changed', async () => {
    const { fail } = await prepare({}, { fault: 'denied-tool' });
    const error = await fail();
    expect(error.name).to.equal('AgentToolDenied');
    expect(error.message).to.contain('Running: npm test');
  });

  it('blames the quota when nothing has changed, whatever the run says of its success', async () => {
    for (const version of ['2.4.2', '2.21.2']) {
      const { fail } = await prepare({}, { version, fault: 'quota-success' });
      const error = await fail();
      expect(error.name, version).to.equal('AgentQuotaUsedUp');
      expect(error.message).to.contain('Monthly request limit reached');
      ground?.remove();
    }
  });

  it('asks before anything else of the repository runs whether the key is good', async () => {
    const { fail, lines } = await prepare(
      { settings: 'install: {command: "echo installed"}\ntest: {command: "true"}\n' },
      { fault: 'bad-key' },
    );
    const error = await fail();
    expect(error.name).to.equal('AgentKeyRefused');
    expect(lines.join('\n')).not.to.contain('installed |').and.not.to.contain('install |');
    expect(error).to.have.nested.property('agent.credits', null);
  });

  it('does not ask when there is nothing to do for it', async () => {
    const { run } = await prepare({ tasks: '- [x] 1. Done\n- [ ]* 2. Optional\n' }, { fault: 'bad-key' });
    const result = await run();
    expect(result.agent).to.deep.include({ version: null, credits: null, runs: [] });
  });

  it('installs the pinned agent where the build user can run it and, with a user of its own, cannot change it', async () => {
    const { run } = await prepare({
      base: {
        'test.sh':
          'test -x ../agent/kirocli/bin/kiro-cli || exit 1\n' +
          'find ../agent | while read -r path; do test -w "$path" && echo "writable: $path"; done; exit 0\n',
      },
    });
    const { commits, tests } = await run();
    expect(commits).to.have.length(1);
    expect(tests.before.ending).to.equal('passed');
    if (testUser !== null) expect(tests.before.outputTail).not.to.contain('writable');
  });

  it('refuses an agent that is not the pinned one, is not there, or holds no kiro-cli', async () => {
    const other = await prepare({});
    const { agent } = other.env;
    const pinned = agent.kind === 'kiro-cli' ? (agent.pin?.sha256 ?? '') : '';
    const file = join(other.folder, 'other.zip');
    writeFileSync(file, zipReplay({ default: { version: '2.4.2', fault: 'none' } }, null));
    const { sha256 } = await other.store.upload(agentArchiveKey(pinned), file);
    const mismatch = await other.fail();
    expect(mismatch.name).to.equal('ArtifactMismatch');
    expect(mismatch.message).to.contain(sha256);
    expect(mismatch.remedy).to.contain('kiro-worker agent add').and.to.contain(pinned);

    const { download } = other.store;
    // S3 says the latter to the builder, which must not list the bucket.
    for (const code of ['ResultMissing', 'PermissionDenied']) {
      Object.assign(other.store, {
        download: (object: Parameters<typeof download>[0], to: string) =>
          object.key.startsWith('agents/')
            ? Promise.reject(Object.assign(new Error('gone'), { name: code }))
            : download(object, to),
      });
      const gone = await other.fail();
      expect(gone.name, code).to.equal('AgentNotFound');
      expect(gone.remedy, code).to.contain('kiro-worker agent add');
    }
    Object.assign(other.store, { download });

    writeFileSync(file, Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]));
    const empty = createHash('sha256').update(readFileSync(file)).digest('hex');
    await other.store.upload(agentArchiveKey(empty), file);
    Object.assign(agent, { pin: { sha256: empty } });
    expect((await other.fail()).message).to.contain('holds no program kiro-cli');
  });

  it('uses the kiro-cli of the PATH when none is pinned, and says so when there is none', async () => {
    ground = await prepareBuild(kiroScene());
    const bin = layReplay(join(ground.folder, 'tools'), {
      default: { version: '2.4.2', fault: 'none', writes: { 'a.txt': 'a' } },
    });
    chmodSync(join(ground.folder, 'tools'), 0o755);
    Object.assign(ground.env, { searchPath: `${bin}:${ground.env.searchPath}` });
    expect((await ground.run()).agent).to.deep.include({ version: '2.4.2', output: 'plain', credits: 0.74 });

    ground.remove();
    ground = await prepareBuild(kiroScene());
    const error = await ground.fail();
    expect(hasCode(error, 'AgentNotFound'), error.message).to.equal(true);
    expect(error.message).to.contain('kiro-cli --version');
  });
});
