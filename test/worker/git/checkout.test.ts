import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutResultSchema } from '../../../domain/build-result';
import { checkout } from '../../../worker/git/checkout';
import { git, READER } from '../../local/github/github-fixture';
import { type Broker, BUCKET, commit, PREFIX, refusal, startBroker } from '../broker-fixture';

describe('checkout', () => {
  let broker: Broker;

  beforeEach(async () => {
    broker = await startBroker();
  });
  afterEach(() => broker.close());

  const stored = () => broker.objects.list(BUCKET, '').map(({ key }) => key);
  const check = (item = {}) => checkout(broker.checkoutEnv(item), broker.deps());
  /** Changes the feature branch and pushes it. */
  const change = async (files: Parameters<typeof commit>[1]) => {
    await commit(broker.workTree, files);
    await broker.push(broker.workTree, 'feature/cart');
  };

  it('stores both branches as one bundle, then says where it is and what is in it', async () => {
    const result = await check();

    const written = JSON.parse(broker.objects.readText(BUCKET, `${PREFIX}/checkout/checkout.json`) ?? '');
    expect(checkoutResultSchema.parse(written)).to.deep.equal(result);
    expect(result).to.deep.include({
      repository: 'acme/shop',
      branch: 'feature/cart',
      baseBranch: 'main',
      base: await broker.tip('main'),
      head: await broker.tip('feature/cart'),
      specFiles: ['.kiro/specs/cart/requirements.md', '.kiro/specs/cart/tasks.md'],
    });
    const bundle = join(broker.newFolder(), 'fetched.bundle');
    const { sha256, bytes } = await broker.store.download(result.bundle, bundle);
    expect({ sha256, bytes }).to.deep.equal({ sha256: result.bundle.sha256, bytes: result.bundle.bytes });
    expect(await git(broker.folder, 'bundle', 'list-heads', bundle)).to.equal(
      `${result.base} refs/heads/base\n${result.head} refs/heads/work`,
    );
    const clone = join(broker.newFolder(), 'clone');
    await git(broker.folder, 'clone', '-q', '-b', 'base', bundle, clone);
    expect(await git(clone, 'show', 'origin/base:kiro-worker.yml')).to.equal('version: 1');
    expect(await git(clone, 'log', '--format=%s', 'origin/work')).to.match(/a task\na task/);
  });

  it('takes only the two branches and no tag', async () => {
    await git(broker.workTree, 'tag', 'v1');
    await git(broker.workTree, 'branch', 'other');
    await broker.push(broker.workTree, 'v1', 'other');
    const deps = broker.deps();
    await checkout(broker.checkoutEnv(), deps);
    expect(await git(join(deps.workFolder, 'source.git'), 'for-each-ref', '--format=%(refname)')).to.equal(
      'refs/heads/base\nrefs/heads/work',
    );
  });

  it('takes a bugfix spec', async () => {
    await change({ '.kiro/specs/cart/requirements.md': null, '.kiro/specs/cart/bugfix.md': '# Bug\n' });
    expect((await check()).specFiles).to.deep.equal(['.kiro/specs/cart/bugfix.md', '.kiro/specs/cart/tasks.md']);
  });

  it('says which branch is not there, and in which repository', async () => {
    const gone = await refusal(check({ branch: 'feature/nowhere' }), 'BranchNotFound');
    expect(gone.message).to.equal('acme/shop has no branch "feature/nowhere" (the item\'s feature branch).');
    expect(gone.remedy).to.match(/Push the branch/);
    const base = await refusal(check({ baseBranch: 'trunk' }), 'BranchNotFound');
    expect(base.message).to.match(/"trunk" \(the item's base branch\)/);
    expect(stored()).to.deep.equal([]);
  });

  it('refuses the base branch, and the default branch even if the item calls another one the base', async () => {
    expect((await refusal(check({ branch: 'main' }), 'BranchForbidden')).message).to.match(/"main" is the default/);
    const other = check({ branch: 'main', baseBranch: 'feature/cart' });
    expect((await refusal(other, 'BranchForbidden')).message).to.match(/"main" is the default branch/);
    await git(broker.bare, 'symbolic-ref', 'HEAD', 'refs/heads/feature/cart');
    const now = check({ branch: 'main', baseBranch: 'main' });
    expect((await refusal(now, 'BranchForbidden')).message).to.match(/"main" is the base branch/);
  });

  it('refuses a repository without a commit, and one that is not there', async () => {
    const empty = join(broker.folder, 'empty.git');
    await git(broker.folder, 'init', '-q', '--bare', empty);
    await broker.github.seed({
      owners: [{ login: 'acme', kind: 'organization' }],
      repositories: [{ nameWithOwner: 'acme/empty', path: empty }],
    });
    expect((await refusal(check({ repository: 'acme/empty' }), 'RepositoryEmpty')).message).to.match(/acme\/empty/);
    await refusal(check({ repository: 'acme/none' }), 'NotFound');
  });

  it('refuses branches without a common commit', async () => {
    await git(broker.workTree, 'checkout', '-q', '--orphan', 'feature/alone');
    await commit(broker.workTree, { 'alone.txt': 'alone\n' });
    await broker.push(broker.workTree, 'feature/alone');
    const error = await refusal(check({ branch: 'feature/alone' }), 'BranchForbidden');
    expect(error.message).to.match(/"feature\/alone" and "main" of acme\/shop have no commit in common/);
  });

  describe('names what is missing of the spec:', () => {
    const missing = async (pattern: RegExp, item = {}) => {
      expect((await refusal(check(item), 'SpecMissing')).message).to.match(pattern);
      expect(stored()).to.deep.equal([]);
    };

    it('the folder', () =>
      missing(/There is no folder \.kiro\/specs\/basket on the branch "feature\/cart"/, {
        specPath: '.kiro/specs/basket',
      }));

    it('the first folder of its path', () => missing(/There is no folder docs on/, { specPath: 'docs/specs/cart' }));

    it('a folder that is a file', () => missing(/README\.md on .* is a file, not a folder/, { specPath: 'README.md' }));

    it('tasks.md', async () => {
      await change({ '.kiro/specs/cart/tasks.md': null });
      await missing(/There is no \.kiro\/specs\/cart\/tasks\.md on the branch "feature\/cart"/);
    });

    it('requirements.md and bugfix.md', async () => {
      await change({ '.kiro/specs/cart/requirements.md': null });
      await missing(/neither .*requirements\.md nor .*bugfix\.md/);
    });

    it('a spec folder that is a symbolic link', async () => {
      symlinkSync('cart', join(broker.workTree, '.kiro/specs/linked'));
      await change({});
      await missing(/specs\/linked on .* is a symbolic link, not a folder/, { specPath: '.kiro/specs/linked' });
      symlinkSync('.kiro', join(broker.workTree, 'kiro'));
      await change({});
      await missing(/kiro on .* is a symbolic link, not a folder/, { specPath: 'kiro/specs/cart' });
    });

    it('a tasks.md that is a symbolic link', async () => {
      await rm(join(broker.workTree, '.kiro/specs/cart/tasks.md'));
      symlinkSync('/etc/passwd', join(broker.workTree, '.kiro/specs/cart/tasks.md'));
      await change({});
      await missing(/tasks\.md on .* is a symbolic link, not a file/);
    });

    it('a tasks.md that is a folder, and requirements that are a submodule', async () => {
      await change({ '.kiro/specs/cart/tasks.md': null });
      await change({ '.kiro/specs/cart/tasks.md/inner.md': 'x\n' });
      await missing(/tasks\.md on .* is a folder, not a file/);
      await rm(join(broker.workTree, '.kiro/specs/cart/tasks.md'), { recursive: true });
      await change({ '.kiro/specs/cart/tasks.md': 'x\n', '.kiro/specs/cart/requirements.md': null });
      const head = await git(broker.workTree, 'rev-parse', 'HEAD');
      const entry = `160000,${head},.kiro/specs/cart/requirements.md`;
      await git(broker.workTree, 'update-index', '--add', '--cacheinfo', entry);
      await git(broker.workTree, 'commit', '-qm', 'a submodule as requirements');
      await broker.push(broker.workTree, 'feature/cart');
      await missing(/requirements\.md on .* is a submodule, not a file/);
    });
  });

  it('refuses more history than a build can carry, and keeps nothing of it', async () => {
    const deps = broker.deps();
    const call = checkout(broker.checkoutEnv(), { ...deps, limits: { ...deps.limits, sourceBytes: 100 } });
    expect((await refusal(call, 'ChangeTooLarge')).message).to.match(/take \d+ bytes .* at most 100/);
    expect(stored()).to.deep.equal([]);
  });

  it('runs no hook, filter, or script that a repository or a machine brings along', async () => {
    const trace = join(broker.folder, 'ran');
    const script = `#!/bin/sh\ntouch '${trace}'\n`;
    await change({
      '.gitattributes': '* filter=evil diff=evil\n',
      '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ext::touch ran\n',
      'package.json': JSON.stringify({ scripts: { preinstall: `touch '${trace}'` } }),
    });
    const home = broker.newFolder();
    for (const hook of ['post-checkout', 'reference-transaction', 'pre-push', 'post-index-change'])
      writeFileSync(join(home, hook), script, { mode: 0o755 });
    writeFileSync(
      join(home, '.gitconfig'),
      `[core]\n hooksPath = ${home}\n fsmonitor = touch '${trace}'\n[init]\n templateDir = ${home}\n[filter "evil"]\n smudge = touch '${trace}'\n`,
    );
    const before = process.env.HOME;
    process.env.HOME = home;
    process.env.GIT_TEMPLATE_DIR = home;
    process.env.GIT_EXTERNAL_DIFF = `touch '${trace}'`;
    try {
      await check();
    } finally {
      process.env.HOME = before;
      delete process.env.GIT_TEMPLATE_DIR;
      delete process.env.GIT_EXTERNAL_DIFF;
    }
    expect(existsSync(trace)).to.equal(false);
    expect(stored()).to.include(`${PREFIX}/checkout/checkout.json`);
  });

  it('says that the credential is wrong, without showing it', async () => {
    const wrong = 'ghp_wrongwrongwrong1234567890abcdef';
    const error = await refusal(checkout(broker.checkoutEnv(), broker.deps(wrong)), 'AuthenticationFailed');
    expect(`${error.message} ${error.remedy}`).not.to.include(wrong);
    expect(error.remedy).to.match(/git-credentials/);
    const odd = await refusal(checkout(broker.checkoutEnv(), broker.deps('two words\n')), 'AuthenticationFailed');
    expect(odd.message).to.match(/not a token/);
  });

  it('needs a credential that may read, not one that may write', async () => {
    expect((await checkout(broker.checkoutEnv(), broker.deps(READER))).head).to.equal(await broker.tip('feature/cart'));
  });

  it('outlasts a server that fails twice, and gives up on one that is not there', async () => {
    broker.github.faults.add({ kind: 'unavailable', status: 502, count: 2 });
    await check();
    expect(broker.pauses).to.have.length(2);
    const url = broker.github.serverUrl;
    await broker.github.close();
    const error = await refusal(check(), 'RepositoryUnreachable');
    expect(error.message).to.include(new URL(url).host);
    expect(broker.pauses).to.have.length(5);
  });

  it('says that git is missing', async () => {
    const deps = { ...broker.deps(), searchPath: broker.newFolder() };
    expect((await refusal(checkout(broker.checkoutEnv(), deps), 'GitMissing')).remedy).to.match(/Install git/);
  });

  it('ends git when it is interrupted', async () => {
    const stop = new AbortController();
    const deps = {
      ...broker.deps(),
      signal: stop.signal,
      readSecret: async () => {
        stop.abort();
        return READER;
      },
    };
    await refusal(checkout(broker.checkoutEnv(), deps), 'Interrupted');
    expect(stored()).to.deep.equal([]);
  });

  it('leaves the credential nowhere on disk', async () => {
    const token = 'writer-token-0001';
    const deps = broker.deps(token);
    await mkdir(deps.workFolder, { recursive: true });
    await checkout(broker.checkoutEnv(), deps);
    const files = await readdir(deps.workFolder, { recursive: true });
    expect(files).to.include('source.bundle');
    const forms = [token, Buffer.from(`x-access-token:${token}`).toString('base64')];
    for (const form of forms)
      expect(await git(broker.folder, 'grep', '--no-index', '-rlF', form, deps.workFolder).catch(() => '')).to.equal(
        '',
      );
    expect(JSON.stringify(broker.lines)).not.to.include(token);
  });
});
