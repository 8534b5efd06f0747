import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { WorkerError } from '../../../domain/errors';
import type { SteeringManifest } from '../../../domain/steering-package';
import { checkout } from '../../../worker/git/checkout';
import { git, WRITER } from '../../local/github/github-fixture';
import { type Broker, commit, PREFIX, refusal, startBroker } from '../broker-fixture';
import { type Builder, handOver, publishIt, startBuilder } from './result-fixture';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

type Files = Readonly<Record<string, string | Buffer>>;

const manifestOf = (files: Files, change: Partial<SteeringManifest> = {}): string =>
  JSON.stringify({
    version: 1,
    name: 'acme',
    release: '1.0.0',
    files: Object.entries(files).map(([path, text]) => ({
      path,
      sha256: sha256(text),
      bytes: Buffer.from(text).length,
    })),
    ...change,
  });

const RULES = { 'security.md': 'Never print a secret.\n', 'style/code.md': '# Ünder 200 lines\r\n' };
const PLACE = 'steering/acme/1.0.0';

describe('steering', () => {
  let broker: Broker;
  beforeEach(async () => {
    broker = await startBroker();
  });
  afterEach(() => broker.close());

  /** Puts a package into the releases bucket and gives the setting for it. */
  const store = async (files: Files, manifest = manifestOf(files), prefix = PLACE): Promise<string> => {
    for (const [path, content] of Object.entries({ ...files, 'steering.json': manifest })) {
      const local = join(broker.newFolder(), 'file');
      writeFileSync(local, content);
      await broker.releases.upload(`${prefix}/${path}`, local);
    }
    return JSON.stringify({ kind: 's3', prefix });
  };
  const check = (STEERING: string) =>
    checkout(broker.checkoutEnv({}, { STEERING, RELEASES_BUCKET: 'releases' }), broker.deps());
  const problem = async (STEERING: string) => (await refusal(check(STEERING), 'SteeringInvalid')).message;
  const build = async (STEERING: string): Promise<Builder> => {
    const folder = broker.newFolder();
    const source = await check(STEERING);
    await broker.store.download(source.bundle, join(folder, 'source.bundle'));
    await git(folder, 'clone', '-q', '-b', 'work', join(folder, 'source.bundle'), join(folder, 'clone'));
    return { clone: join(folder, 'clone'), source };
  };
  /** Has GitHub serve a second repository. */
  const serve = (bare: string) =>
    broker.github.seed({
      owners: [{ login: 'acme', kind: 'organization' }],
      repositories: [
        { nameWithOwner: 'acme/shop', path: broker.bare },
        { nameWithOwner: 'acme/steering', path: bare },
      ],
    });
  const show = (clone: string, place: string) => git(clone, 'show', place);
  const names = async (clone: string, commit: string) =>
    (await git(clone, 'show', '--format=', '--name-status', commit)).split('\n').filter((line) => line !== '');

  it('comes as a commit of its own, with a trailer, logged, and leaves what belongs to the repository alone', async () => {
    await commit(broker.workTree, { '.kiro/steering/product.md': 'ours\n' });
    await broker.push(broker.workTree, 'feature/cart');
    const { clone, source } = await build(await store(RULES));
    const digest = sha256(manifestOf(RULES));
    expect(source.steering).to.deep.include({ name: 'acme', release: '1.0.0', digest });
    const made = source.steering?.commit ?? '';
    expect(await git(clone, 'rev-parse', 'origin/work', 'origin/work^')).to.equal(`${made}\n${source.head}`);
    expect(await git(clone, 'log', '-1', '--format=%B|%an', made)).to.equal(
      `Steering acme 1.0.0\n\nKiro-Steering: acme@1.0.0 sha256:${digest}\n|Kiro CodeBuild Worker`,
    );
    expect(await names(clone, made)).to.deep.equal([
      'A\t.kiro/steering/security.md',
      'A\t.kiro/steering/steering.json',
      'A\t.kiro/steering/style/code.md',
    ]);
    expect(await show(clone, 'work:.kiro/steering/product.md')).to.equal('ours');
    expect(await show(clone, 'origin/guard:.kiro/steering/security.md')).to.equal('Never print a secret.');
    expect(await git(clone, 'rev-parse', 'origin/guard^')).to.equal(source.base);
    expect(broker.lines.join('\n')).to.contain(`steering: acme 1.0.0, 2 files, sha256:${digest}`);
    expect(broker.lines.join('\n')).to.contain(`steering: commit ${made} brings it to the branch`);
  });

  it('is pushed with the work, once; the next version takes away what it has no more', async () => {
    const first = await build(await store(RULES));
    await commit(first.clone, { 'src/a.js': '1\n' });
    expect((await publishIt(broker, await handOver(broker, first))).outcome).to.equal('pushed');
    expect(await git(broker.bare, 'log', '--format=%s', 'main..feature/cart')).to.equal(
      'a task\nSteering acme 1.0.0\na task',
    );

    const again = await build(await store(RULES));
    expect(again.source.steering?.commit, 'the branch has it').to.equal(null);
    expect(await git(again.clone, 'rev-parse', 'work')).to.equal(again.source.head);
    await commit(again.clone, { 'src/a.js': '2\n' });
    expect((await publishIt(broker, await handOver(broker, again))).outcome).to.equal('pushed');

    const files = { 'security.md': 'New.\n' };
    const next = await build(await store(files, manifestOf(files, { release: '2.0.0' }), 'steering/acme/2.0.0'));
    expect(await names(next.clone, next.source.steering?.commit ?? '')).to.deep.equal([
      'M\t.kiro/steering/security.md',
      'M\t.kiro/steering/steering.json',
      'D\t.kiro/steering/style/code.md',
    ]);
    await commit(next.clone, { 'src/a.js': '3\n' });
    expect((await publishIt(broker, await handOver(broker, next))).outcome).to.equal('pushed');
  });

  it('does not go back to an older release unless the package is pinned, and says what takes the place of what', async () => {
    const bring = async (release: string, change: Partial<SteeringManifest> = {}, files: Files = RULES) => {
      const manifest = manifestOf(files, { release, ...change });
      const prefix = `${PLACE}/${sha256(manifest).slice(0, 8)}`;
      return { STEERING: await store(files, manifest, prefix), manifest, prefix };
    };
    const newer = await build((await bring('1.10.0')).STEERING);
    await commit(newer.clone, { 'src/a.js': '1\n' });
    await publishIt(broker, await handOver(broker, newer));

    const older = await bring('1.9.0');
    const digest = sha256(older.manifest);
    const error = await refusal(check(older.STEERING), 'SteeringInvalid');
    expect(error.message).to.equal(
      'The steering package acme 1.9.0 is older than 1.10.0, which the feature branch has.',
    );
    expect(error.remedy).to.contain(`pin it: its digest is ${digest}`);
    const pinned = await check(JSON.stringify({ kind: 's3', prefix: older.prefix, digest }));
    expect(pinned.steering?.commit, 'somebody has named it').to.be.a('string');
    expect(broker.lines.join('\n')).to.contain('steering: acme 1.9.0 takes the place of acme 1.10.0');

    await check((await bring('1.10.0', {}, { 'security.md': 'Other.\n' })).STEERING);
    expect(broker.lines.join('\n')).to.contain('acme 1.10.0 is not what was acme 1.10.0 on the branch');
    await check((await bring('0.1.0', { name: 'other' })).STEERING);
    expect(broker.lines.join('\n')).to.contain('steering: other 0.1.0 takes the place of acme 1.10.0');

    const main = await git(broker.bare, 'rev-parse', 'feature/cart');
    await git(broker.bare, 'update-ref', 'refs/heads/main', main);
    expect((await refusal(check(older.STEERING), 'SteeringInvalid')).message).to.contain('which the base branch has');
  });

  it('may come from a repository: its own server with the credential, at a tag, in a folder', async () => {
    const tree = join(broker.newFolder(), 'tree');
    await git('/', 'init', '-q', '-b', 'main', tree);
    const packed = Object.fromEntries(Object.entries(RULES).map(([path, text]) => [`rules/${path}`, text]));
    await commit(tree, { ...packed, 'rules/steering.json': manifestOf(RULES), 'rules/unlisted.md': 'no\n' });
    await git(tree, 'tag', '-a', 'v1', '-m', 'v1');
    const bare = join(broker.newFolder(), 'bare.git');
    await git('/', 'clone', '-q', '--bare', tree, bare);
    await serve(bare);
    const source = {
      kind: 'git',
      url: `${broker.github.serverUrl}/acme/steering.git`,
      ref: 'refs/tags/v1',
      folder: 'rules',
    };
    const { clone } = await build(JSON.stringify(source));
    expect(await show(clone, 'work:.kiro/steering/style/code.md')).to.contain('# Ünder 200 lines');
    expect(await git(clone, 'ls-tree', '-r', '--name-only', 'work', '.kiro/steering')).not.to.contain('unlisted');
    expect(broker.lines.join('\n')).to.contain(await git(tree, 'rev-parse', 'HEAD'));
    expect(broker.lines.join('\n')).not.to.contain(WRITER);

    expect(await problem(JSON.stringify({ ...source, digest: 'a'.repeat(64) }))).to.match(/pinned is aaaa/);
    expect(await problem(JSON.stringify({ ...source, folder: 'other' }))).to.contain(
      '"steering.json" is not in the repository',
    );
    const gone = await refusal(check(JSON.stringify({ ...source, ref: 'refs/tags/v9' })), 'BranchNotFound').catch(
      (error: Error) => error,
    );
    expect(gone.message).to.match(/^The steering package, refs\/tags\/v9 of http:.*acme\/steering\.git: /);
  });

  it('is read with a credential for its own repository, and without one where a GitHub App has none', async () => {
    const tree = join(broker.newFolder(), 'tree');
    await git('/', 'init', '-q', '-b', 'main', tree);
    await commit(tree, { ...RULES, 'steering.json': manifestOf(RULES) });
    const bare = join(broker.newFolder(), 'bare.git');
    await git('/', 'clone', '-q', '--bare', tree, bare);
    await serve(bare);
    const url = `${broker.github.serverUrl}/acme/steering.git`;
    const env = broker.checkoutEnv({}, { STEERING: JSON.stringify({ kind: 'git', url, ref: 'refs/heads/main' }) });
    const asked: (string | undefined)[] = [];
    const readSecret = async (_: string, repository?: string) => {
      asked.push(repository);
      return WRITER;
    };
    const { steering } = await checkout(env, { ...broker.deps(), readSecret });
    expect(steering).to.include({ name: 'acme', release: '1.0.0' });
    expect(asked).to.deep.equal([undefined, 'acme/steering']);

    const notInstalled = async (_: string, repository?: string) => {
      if (repository) throw new WorkerError('PermissionDenied', 'The App is not installed there.', '');
      return WRITER;
    };
    const call = checkout(env, { ...broker.deps(), readSecret: notInstalled });
    const failure = await call.then(() => null).catch((error: Error) => error);
    expect(failure?.message, 'this GitHub shows nobody a repository without a credential').to.match(
      /^The steering package, refs\/heads\/main of http:/,
    );
    expect(broker.lines.join('\n')).to.contain(
      'steering: acme/steering is read without a credential: The App is not installed there.',
    );
  });

  it('is refused before any work when publishing would refuse it: a file holds what looks like a credential', async () => {
    const files = { 'aws.md': `Use AKIA${'Q7WERT5YU3IOP2AS'}.\n` };
    const message = await problem(await store(files));
    expect(message).to.match(/holds what looks like an AWS access key id, in .*aws\.md/);
    expect(message).not.to.contain('Q7WERT5YU3IOP2AS');

    await commit(broker.workTree, { 'docs/aws.md': files['aws.md'] });
    await broker.push(broker.workTree, 'feature/cart');
    const { steering } = await check(await store(files));
    expect(steering?.commit, 'the branch holds it already').to.be.a('string');
  });

  it('says of an object that S3 denies what it says of one that is not there', async () => {
    const denied = { download: () => Promise.reject(new WorkerError('PermissionDenied', 'AWS denied it.', '')) };
    const STEERING = JSON.stringify({ kind: 's3', prefix: PLACE });
    const env = broker.checkoutEnv({}, { STEERING, RELEASES_BUCKET: 'releases' });
    const call = checkout(env, { ...broker.deps(), releases: denied });
    expect((await refusal(call, 'SteeringInvalid')).message).to.contain('steering.json is not in the releases bucket');
  });

  it('refuses links in a repository, wherever they lead', async () => {
    const tree = join(broker.newFolder(), 'tree');
    await git('/', 'init', '-q', '-b', 'main', tree);
    mkdirSync(tree, { recursive: true });
    symlinkSync('/etc/passwd', join(tree, 'security.md'));
    await commit(tree, { 'steering.json': manifestOf({ 'security.md': '/etc/passwd' }) });
    const bare = join(broker.newFolder(), 'bare.git');
    await git('/', 'clone', '-q', '--bare', tree, bare);
    await serve(bare);
    const url = `${broker.github.serverUrl}/acme/steering`;
    expect(await problem(JSON.stringify({ kind: 'git', url, ref: 'refs/heads/main' }))).to.contain(
      '"security.md" is no regular file',
    );
  });

  it('refuses a package that wants out of its folder, is no text, too large, incomplete or not what its manifest says', async () => {
    for (const path of [
      '../agents/a.md',
      '/etc/a.md',
      'a/../../b.md',
      'a\\b.md',
      '.git/a.md',
      '.hidden.md',
      'a//b.md',
      'a\u202emd.md',
      'hook.json',
      'steering.json',
      'run.sh',
      'a:b.md',
      'a\nb.md',
      'a\tb.md',
      'b.md ',
      'CON.md/..md',
      'cafe\u0301.md',
      `${'x'.repeat(300)}.md`,
    ])
      expect(await problem(await store({}, manifestOf({ [path]: 'x' }))), path).to.match(
        /steering\.json is wrong at files\.0\.path/,
      );
    expect(await problem(await store({ 'a.md': 'x' }, manifestOf({ 'a.md': 'y' })))).to.match(
      /the SHA-256 of "a\.md" is/,
    );
    expect(await problem(await store({ 'b.md': 'longer' }, manifestOf({ 'b.md': 'x' })))).to.contain(
      'has 6 bytes; at most 1',
    );
    expect(await problem(await store({}, manifestOf({ 'absent.md': 'x' })))).to.contain(
      'absent.md is not in the releases bucket',
    );
    expect(await problem(JSON.stringify({ kind: 's3', prefix: 'steering/none' }))).to.contain(
      'steering.json is not in the',
    );
    const binary = { 'c.md': Buffer.from([0xff, 0xfe, 0x00]) };
    expect(await problem(await store(binary, manifestOf(binary)))).to.contain('"c.md" is not text in UTF-8');
    const vast = await store({ 'a.md': Buffer.alloc(8 * 1024 * 1024) }, manifestOf({ 'a.md': 'x' }));
    expect(await problem(vast)).to.match(/a\.md has 8388608 bytes; at most 1 are read\.$/);
    expect(await problem(await store({}, '{'))).to.contain('is not JSON');
    expect(await problem(await store({}, 'x'.repeat(70_000)))).to.contain('has 70000 bytes');
    expect(await problem(await store({}, manifestOf({})))).to.contain('files:');
    const twice = { 'A.md': 'x', 'a.md': 'x' };
    expect(await problem(await store({}, manifestOf(twice)))).to.contain('are one file');
    const both = { 'a.md': 'x', 'a.md/b.md': 'x' };
    expect(await problem(await store({}, manifestOf(both)))).to.contain('is a file and a folder');
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`${at}.md`, 'x']));
    expect(await problem(await store({}, manifestOf(many)))).to.contain('files:');
    const heavy = Array.from({ length: 9 }, (_, at) => ({ path: `${at}.md`, sha256: 'a'.repeat(64), bytes: 200_000 }));
    expect(await problem(await store({}, manifestOf({}, { files: heavy })))).to.contain('1800000 bytes');
    expect(broker.objects.readText('artifacts', `${PREFIX}/checkout/checkout.json`)).to.equal(null);
  });

  it('refuses to write through a link or over a file of the repository', async () => {
    const feature = async (prepare: () => void) => {
      await git(broker.workTree, 'checkout', '-q', '-B', 'feature/cart', 'feature/cart');
      prepare();
      await git(broker.workTree, 'add', '-A', '--force');
      await git(broker.workTree, 'commit', '-qm', 'odd');
      await broker.push(broker.workTree, '+feature/cart');
      const message = await problem(await store(RULES));
      await git(broker.workTree, 'reset', '-q', '--hard', 'HEAD~1');
      return message;
    };
    const folder = join(broker.workTree, '.kiro/steering');
    expect(
      await feature(() => {
        mkdirSync(dirname(folder), { recursive: true });
        symlinkSync('../src', folder);
      }),
    ).to.contain('".kiro/steering" stands in the repository where');
    expect(
      await feature(() => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'style'), 'a file');
      }),
    ).to.contain('".kiro/steering/style" stands in the repository');
    expect(
      await feature(() => {
        mkdirSync(join(folder, 'security.md'), { recursive: true });
        writeFileSync(join(folder, 'security.md/x'), 'a file');
      }),
    ).to.contain('".kiro/steering/security.md/x" stands');
  });

  it('allows the broker exactly its own commit: whatever else touches protected files is refused', async () => {
    const STEERING = await store(RULES);
    const refused = async (change: (builder: Builder) => Promise<unknown>, pattern: RegExp) => {
      const builder = await build(STEERING);
      await change(builder);
      const result = await handOver(broker, builder);
      expect((await refusal(publishIt(broker, result), 'ProtectedPathChanged')).message).to.match(pattern);
      expect(await broker.tip('feature/cart')).to.equal(builder.source.head);
    };
    await refused(
      ({ clone }) => commit(clone, { '.kiro/steering/security.md': 'Print all.\n' }),
      /changes protected files/,
    );
    await refused(async ({ clone, source }) => {
      await git(clone, 'reset', '-q', '--hard', source.head);
      await commit(clone, { '.kiro/steering/security.md': 'Print all.\n' }, 'Steering acme 1.0.0');
    }, /does not begin with/);
    await refused(async ({ clone }) => {
      await commit(clone, { 'src/a.js': '1\n' });
      await git(clone, 'commit', '-q', '--amend', '--no-edit', '--date', '2020-01-01T00:00:00Z');
      await git(clone, 'reset', '-q', '--hard', 'HEAD~1');
      await git(clone, 'commit', '-q', '--amend', '-m', 'same tree, other commit');
    }, /does not begin with/);
  });

  it('allows no commit that is not of the recorded package, even if the record names it', async () => {
    const forged = async (files: Files, digest: string) => {
      const builder = await startBuilder(broker);
      const packed = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text]));
      const made = await commit(builder.clone, packed, 'Steering');
      const steering = { name: 'acme', release: '1', digest, commit: made, guard: builder.source.base };
      await broker.store.writeText(`${PREFIX}/checkout/checkout.json`, JSON.stringify({ ...builder.source, steering }));
      return (await refusal(publishIt(broker, await handOver(broker, builder)), 'ProtectedPathChanged')).message;
    };
    const manifest = manifestOf({ 'a.md': 'a' });
    const digest = sha256(manifest);
    const good = { '.kiro/steering/steering.json': manifest, '.kiro/steering/a.md': 'a' };
    expect(await forged(good, 'a'.repeat(64))).to.contain('its package is not sha256:aaa');
    expect(await forged({ ...good, '.kiro/steering/a.md': 'b' }, digest)).to.contain('it changes .kiro/steering/a.md');
    expect(await forged({ ...good, '.kiro/steering/b.md': 'b' }, digest)).to.contain('it changes .kiro/steering/b.md');
    expect(await forged({ ...good, '.github/x.yml': 'b' }, digest)).to.contain('it changes .github/x.yml');
    expect(
      execFileSync('git', ['-C', broker.bare, 'log', '--format=%s', 'main..feature/cart'], { encoding: 'utf8' }),
    ).to.equal('a task\n');
  });
});
