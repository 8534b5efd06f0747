import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openRepository } from '../../../local/repository/open-repository';
import { parseRepositorySource } from '../../../local/repository/parse-source';
import { temporaryFolder } from '../../support/temporary-folder';
import { commitFile, type Fixture, git, READER, startFixture } from '../github/github-fixture';

const never = new AbortController().signal;
const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

const codeOf = async (opening: Promise<unknown>): Promise<string> => {
  try {
    await opening;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  throw new Error('it was expected to be refused');
};

describe('openRepository', () => {
  const folder = temporaryFolder();
  const open = (text: string, more: { base?: string; branches?: readonly string[] } = {}, variables: object = env) =>
    openRepository(
      {
        source: parseRepositorySource(text, folder()),
        stateFolder: join(folder(), 'state'),
        base: more.base,
        branches: more.branches ?? [],
      },
      { env: { ...variables }, signal: never },
    );

  describe('of a folder', () => {
    const makeRepository = async (...branches: readonly string[]): Promise<string> => {
      const path = join(folder(), 'my shop');
      await git(folder(), 'init', '-q', '-b', branches[0] ?? 'main', path);
      await commitFile(path, 'a.txt', 'one\n');
      for (const branch of branches.slice(1)) await git(path, 'branch', branch);
      return path;
    };

    it('serves it as it lies there, under a name that GitHub could have', async () => {
      const path = await makeRepository('main', 'feature/x');
      const served = await open(path, { branches: ['feature/x'] });
      expect(served).to.deep.equal({ nameWithOwner: 'local/my-shop', path, defaultBranch: 'main' });
    });

    it('takes what origin calls its default before main, and the named base before both', async () => {
      const path = await makeRepository('main', 'trunk', 'next');
      await git(path, 'update-ref', 'refs/remotes/origin/trunk', 'HEAD');
      await git(path, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
      expect(await open(path)).to.include({ defaultBranch: 'trunk' });
      expect(await open(path, { base: 'next' })).to.include({ defaultBranch: 'next' });
      expect(await codeOf(open(path, { base: 'gone' }))).to.match(/^ValidationError: There is no branch "gone"/);
    });

    it('asks for the base when it cannot be told', async () => {
      const path = await makeRepository('one', 'two');
      expect(await codeOf(open(path))).to.match(/^ValidationError: It is not clear which branch/);
    });

    it('refuses a feature branch that is checked out, here or in another work tree', async () => {
      const path = await makeRepository('main', 'feature/x', 'feature/y');
      await git(path, 'switch', '-q', 'feature/x');
      expect(await codeOf(open(path, { branches: ['feature/x'] }))).to.match(/^BranchCheckedOut: .*"feature\/x"/);
      await git(path, 'switch', '-q', 'main');
      await git(path, 'worktree', 'add', '-q', join(folder(), 'elsewhere'), 'feature/y');
      expect(await codeOf(open(path, { branches: ['feature/y'] }))).to.match(/^BranchCheckedOut: .*"feature\/y"/);
    });

    it('refuses an empty repository, a folder without one, and a folder inside of one', async () => {
      const empty = join(folder(), 'empty');
      await git(folder(), 'init', '-q', empty);
      expect(await codeOf(open(empty))).to.match(/^RepositoryEmpty: /);
      expect(await codeOf(open(folder()))).to.match(/is not a git repository/);
      const path = await makeRepository('main');
      mkdirSync(join(path, 'src'));
      expect(await codeOf(open(join(path, 'src')))).to.match(/is inside of a repository/);
    });

    it('refuses a shallow clone and another object format before anything starts', async () => {
      const path = await makeRepository('main');
      await commitFile(path, 'a.txt', 'two\n');
      const shallow = join(folder(), 'shallow');
      await git(folder(), 'clone', '-q', '--depth', '1', `file://${path}`, shallow);
      expect(await codeOf(open(shallow))).to.match(/^ValidationError: .* is a shallow clone/);
      const sha256 = join(folder(), 'sha256');
      await git(folder(), 'init', '-q', '--object-format=sha256', sha256);
      await commitFile(sha256, 'a.txt', 'one\n');
      expect(await codeOf(open(sha256))).to.match(/^ValidationError: .* by SHA-256/);
    });

    it('runs no git that lies in the repository, whatever PATH says', async () => {
      const path = await makeRepository('main');
      mkdirSync(join(path, 'bin'));
      writeFileSync(join(path, 'bin', 'git'), `#!/bin/sh\ntouch '${join(folder(), 'was here')}'\n`, { mode: 0o755 });
      await open(path, {}, { ...env, PATH: `./bin::bin:${env.PATH}` });
      expect(existsSync(join(folder(), 'was here'))).to.equal(false);
    });

    it('says so when there is no git', async () => {
      const path = await makeRepository('main');
      expect(await codeOf(open(path, {}, { PATH: join(folder(), 'nothing here') }))).to.match(/^GitMissing: /);
    });
  });

  describe('of an address', () => {
    let far: Fixture;
    beforeEach(async () => {
      far = await startFixture();
    });
    afterEach(() => far.close());

    it('clones it with the credentials of the URL, which are in no file afterwards', async () => {
      await git(far.bare, 'symbolic-ref', 'HEAD', 'refs/heads/main');
      const served = await open(far.remote(READER));
      expect(served).to.deep.equal({
        nameWithOwner: 'local/shop',
        path: join(folder(), 'state', 'clone.git'),
        defaultBranch: 'main',
      });
      expect(await git(served.path, 'for-each-ref', '--format=%(refname)', 'refs/heads')).to.equal(
        'refs/heads/feature\nrefs/heads/level\nrefs/heads/main',
      );
      const kept = readdirSync(join(folder(), 'state'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
      const forms = [READER, Buffer.from(`x-access-token:${READER}`).toString('base64')];
      expect(kept.filter((text) => forms.some((form) => text.includes(form)))).to.deep.equal([]);
      expect(kept).to.have.length.greaterThan(3);
    });

    it('follows the address at the next start, and leaves a branch alone that holds finished work', async () => {
      const { path } = await open(far.remote(READER));
      const finished = await git(path, 'commit-tree', '-m', 'finished work', '-p', 'feature', 'feature^{tree}');
      await git(path, 'update-ref', 'refs/heads/feature', finished);
      const newer = await git(far.bare, 'commit-tree', '-m', 'newer', '-p', 'main', 'main^{tree}');
      await git(far.bare, 'update-ref', 'refs/heads/main', newer);
      await open(far.remote(READER));
      expect(await git(path, 'rev-parse', 'main', 'feature')).to.equal(`${newer}\n${finished}`);
    });

    it('hands on what has happened, not what git says to everybody', async () => {
      const variables = { ...env, GIT_SSH_COMMAND: 'echo The key is too old. >&2; false' };
      expect(await codeOf(open('ssh://git@localhost/shop', {}, variables))).to.match(
        /could not be fetched: The key is too old\. fatal: Could not read from remote repository\.$/,
      );
    });

    it('says what could not be fetched, without the password', async () => {
      const refused = await codeOf(open(far.remote('not-a-known-token')));
      expect(refused).to.match(
        /^RepositoryUnreachable: http:\/\/127\.0\.0\.1:\d+\/acme\/shop\.git could not be fetched/,
      );
      expect(refused).to.not.contain('not-a-known-token');
      expect(existsSync(join(folder(), 'state', 'clone.git.draft'))).to.equal(false);
    });
  });
});
