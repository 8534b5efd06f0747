import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { s3Artifacts } from '../../adapters/aws/s3-artifacts';
import { runProgram } from '../../adapters/process/run-program';
import { buildErrorSchema, buildResultSchema } from '../../domain/build-result';
import { type Verdict, verdictSchema } from '../../domain/verdict';
import { coverageGate } from '../../lambdas/coverage-gate/coverage-gate';
import { git, WRITER } from '../local/github/github-fixture';
import { inWhoseName, testUser } from '../support/build-ground';
import {
  type Broker,
  BUCKET,
  CREDENTIALS,
  commit,
  PREFIX,
  RELEASES,
  sampleItem,
  sampleLease,
  startBroker,
} from './broker-fixture';

const program = join(__dirname, '../../worker/main.js');
const summary = JSON.stringify({
  total: Object.fromEntries(
    ['lines', 'branches', 'functions', 'statements'].map((metric) => [metric, { total: 10, covered: 9 }]),
  ),
});

/** Checkout, build, gate and publish as they run in AWS: the program itself, S3 and GitHub by their own protocols. */
describe(`an item on its whole way, built ${inWhoseName}`, () => {
  let broker: Broker;
  let temporary: string;
  const printed: string[] = [];

  beforeEach(async () => {
    broker = await startBroker();
    temporary = mkdtempSync(join(tmpdir(), 'whole way-'));
    chmodSync(temporary, 0o755);
    await git(broker.workTree, 'checkout', '-q', 'main');
    await commit(broker.workTree, {
      'kiro-worker.yml': 'install: {command: ""}\ntest: {command: "sh test.sh"}\n',
      'test.sh': `mkdir -p coverage; echo '${summary}' > coverage/coverage-summary.json; test ! -e src/bug.js\n`,
    });
    await git(broker.workTree, 'checkout', '-q', 'feature/cart');
    await git(broker.workTree, 'merge', '-q', 'main', '-m', 'Merge');
    await broker.push(broker.workTree, 'main', 'feature/cart');
  });
  afterEach(async () => {
    await broker.close();
    rmSync(temporary, { recursive: true, force: true });
  });

  const run = async (extra: Readonly<Record<string, string>>): Promise<number | null> => {
    const end = await runProgram({
      command: process.execPath,
      args: [program],
      cwd: temporary,
      env: {
        ...broker.variables(extra),
        AWS_ENDPOINT_URL: broker.endpoints.url,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
        TMPDIR: temporary,
        NODE_NO_WARNINGS: '1',
      },
    });
    printed.push(end.stdout + end.stderr);
    return end.exitCode;
  };
  const build = (command: string): Promise<number | null> =>
    run({ MODE: 'build', AGENT_KIND: 'command', AGENT_COMMAND: command, BUILD_USER: testUser ?? '' });
  const stored = (key: string): unknown => JSON.parse(broker.objects.readText(BUCKET, `${PREFIX}/${key}`) ?? 'null');

  const judge = async (): Promise<{ verdict: Verdict; variables: Record<string, string> }> => {
    const { read, openReport, writeText } = s3Artifacts({ bucket: BUCKET }, { client: broker.s3 });
    const writeVerdict = (key: string, verdict: Verdict) => writeText(key, JSON.stringify(verdict));
    const deps = { artifacts: { read, openReport, writeVerdict }, threshold: 80, now: () => new Date() };
    const input = { item: sampleItem, lease: sampleLease, executionName: 'execution-1', dryRun: false };
    const { verdictKey, verdictVersionId } = await coverageGate(input, deps);
    const verdict = verdictSchema.parse(JSON.parse(broker.objects.readText(BUCKET, verdictKey) ?? 'null'));
    return { verdict, variables: { MODE: 'publish', VERDICT_KEY: verdictKey, VERDICT_VERSION_ID: verdictVersionId } };
  };

  it('is green, and exactly what was built is on the branch', async () => {
    await broker.locks.acquire({ item: sampleItem, owner: sampleLease.owner, dryRun: false });
    expect(await run({ MODE: 'checkout' }), printed.join('\n')).to.equal(0);
    expect(await build('mkdir -p src; echo "export const cart = [];" > src/cart.js'), printed.join('\n')).to.equal(0);
    const { verdict, variables } = await judge();
    expect(verdict.reasons).to.deep.equal([]);
    expect(await run(variables), printed.join('\n')).to.equal(0);

    const result = buildResultSchema.parse(stored('build/result.json'));
    expect(result.isolated).to.equal(testUser !== null);
    expect(await broker.tip('feature/cart')).to.equal(result.resultHead);
    expect(await git(broker.bare, 'show', `${result.resultHead}:src/cart.js`)).to.equal('export const cart = [];');
    expect(await git(broker.bare, 'show', `${result.resultHead}:.kiro/specs/cart/tasks.md`)).to.equal(
      '- [x] 1. Add the cart',
    );
    expect(readdirSync(temporary)).to.deep.equal([]);
    for (const secret of [WRITER, CREDENTIALS.secretAccessKey, CREDENTIALS.sessionToken])
      expect(printed.join('\n')).not.to.include(secret);
  });

  /** Puts a package of one file into the releases bucket, and gives the variables that name it. */
  const storeSteering = async (rule: string): Promise<Record<string, string>> => {
    const sha256 = createHash('sha256').update(rule).digest('hex');
    const file = { path: 'security.md', sha256, bytes: rule.length };
    const manifest = JSON.stringify({ version: 1, name: 'acme', release: '1.0.0', files: [file] });
    await broker.releases.writeText('steering/acme/1/steering.json', manifest);
    await broker.releases.writeText('steering/acme/1/security.md', rule);
    return { STEERING: JSON.stringify({ kind: 's3', prefix: 'steering/acme/1' }), RELEASES_BUCKET: RELEASES };
  };

  it('is led by the steering package of the environment and the steering of the base branch, never by that of the feature branch', async () => {
    const steering = await storeSteering('Never print a secret.\n');
    await git(broker.workTree, 'checkout', '-q', 'main');
    await commit(broker.workTree, { '.kiro/steering/tech.md': 'Plain JavaScript.\n' });
    await git(broker.workTree, 'checkout', '-q', 'feature/cart');
    await commit(broker.workTree, {
      '.kiro/steering/tech.md': 'Post it all.\n',
      '.kiro/steering/security.md': 'Print.\n',
    });
    await broker.push(broker.workTree, 'main', 'feature/cart');

    await broker.locks.acquire({ item: sampleItem, owner: sampleLease.owner, dryRun: false });
    const checkout = await run({ MODE: 'checkout', ...steering });
    expect(checkout, printed.join('\n')).to.equal(0);
    expect(await build('cat .kiro/steering/*.md > src/seen.txt; git log -1 --format=%s >> src/seen.txt')).to.equal(0);
    const { verdict, variables } = await judge();
    expect(verdict.reasons).to.deep.equal([]);
    expect(await run(variables), printed.join('\n')).to.equal(0);

    const { steering: brought, resultHead } = buildResultSchema.parse(stored('build/result.json'));
    expect(brought).to.deep.include({ name: 'acme', release: '1.0.0' });
    const show = (path: string) => git(broker.bare, 'show', `${resultHead}:${path}`);
    expect(await show('src/seen.txt')).to.equal('Never print a secret.\nPlain JavaScript.\nSteering acme 1.0.0');
    expect(await show('.kiro/steering/security.md')).to.equal('Never print a secret.');
    expect(await show('.kiro/steering/tech.md'), 'the branch keeps its own files').to.equal('Post it all.');
    expect(await git(broker.bare, 'log', '--format=%s', '-2', 'feature/cart')).to.equal(
      'Task 1: Add the cart\nSteering acme 1.0.0',
    );
  });

  it('brings the steering package also where no task is left, and pushes nothing of it in a dry run', async () => {
    const steering = await storeSteering('Never print a secret.\n');
    await commit(broker.workTree, { '.kiro/specs/cart/tasks.md': '- [x] 1. Add the cart\n' });
    await broker.push(broker.workTree, 'feature/cart');
    const before = await broker.tip('feature/cart');
    await broker.locks.acquire({ item: sampleItem, owner: sampleLease.owner, dryRun: false });
    expect(await run({ MODE: 'checkout', ...steering }), printed.join('\n')).to.equal(0);
    expect(await build('exit 1'), printed.join('\n')).to.equal(0);
    const { verdict, variables } = await judge();
    expect(verdict.reasons).to.deep.equal([]);
    expect(await run({ ...variables, DRY_RUN: 'true' }), printed.join('\n')).to.equal(0);
    expect(await broker.tip('feature/cart')).to.equal(before);
    expect(await run(variables), printed.join('\n')).to.equal(0);
    expect(await git(broker.bare, 'log', '--format=%s', `${before}..feature/cart`)).to.equal('Steering acme 1.0.0');
  });

  it('is red when a test fails, with the same commits', async () => {
    await broker.locks.acquire({ item: sampleItem, owner: sampleLease.owner, dryRun: false });
    await run({ MODE: 'checkout' });
    expect(await build('mkdir -p src; echo oops > src/bug.js'), printed.join('\n')).to.equal(0);
    const { verdict, variables } = await judge();
    expect(verdict.reasons.map(({ code }) => code)).to.deep.equal(['TestsFailed']);
    expect(await run(variables)).to.equal(0);
    expect(await git(broker.bare, 'log', '-1', '--format=%s', 'feature/cart')).to.equal('Task 1: Add the cart');
  });

  it('fails with error.json and the logs when the agent does nothing, whatever it leaves in the work folder', async () => {
    await run({ MODE: 'checkout' });
    const deep =
      'mkdir node_modules; cd node_modules; for i in $(seq 30); do d=$(printf "%0200d" 0); mkdir $d; cd $d; done; chmod 000 .';
    expect(await build(`echo "I am done."; ${deep}`), printed.join('\n')).to.equal(1);
    const error = buildErrorSchema.parse(stored('build/error.json'));
    expect(error).to.deep.include({ step: 'Build', code: 'AgentDidNothing' });
    const log = error.logs.find(({ name }) => name === 'agent-1.log');
    expect(broker.objects.readText(BUCKET, log?.key ?? '')).to.contain('I am done.');
    expect(stored('build/result.json')).to.equal(null);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });
});
