import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { startGitHub } from '../../../local/github/stand-in';
import { commitFile, type Fixture, git, gitFailure, READER, startFixture, tokens, WRITER } from './github-fixture';

describe('git over the local GitHub', () => {
  let fixture: Fixture;
  let clone: string;

  beforeEach(async () => {
    fixture = await startFixture();
    clone = join(fixture.folder, 'a clone');
  });
  afterEach(() => fixture.close());

  const cloneAs = (token: string, ...options: readonly string[]) =>
    git(fixture.folder, 'clone', '-q', ...options, fixture.remote(token), clone);

  it('clones, whole and without blobs, with protocol versions 0 and 2', async () => {
    await cloneAs(READER);
    expect(await git(clone, 'rev-parse', 'origin/feature')).to.equal(await git(fixture.bare, 'rev-parse', 'feature'));
    const blobless = join(fixture.folder, 'blobless');
    await git(fixture.folder, 'clone', '-q', '--filter=blob:none', '--no-checkout', fixture.remote(READER), blobless);
    expect(await git(blobless, 'rev-list', '--objects', '--missing=print', '--all')).to.match(/^\?/m);
    const old = join(fixture.folder, 'old');
    await git(fixture.folder, '-c', 'protocol.version=0', 'clone', '-q', fixture.remote(READER), old);
    expect(await git(old, 'log', '--oneline')).to.match(/write a\.txt/);
  });

  it('fetches with a long negotiation, which git sends compressed', async () => {
    await cloneAs(WRITER, '-b', 'feature');
    for (let index = 0; index < 60; index += 1)
      await git(clone, 'commit', '-q', '--allow-empty', '-m', `local ${index}`);
    const other = join(fixture.folder, 'other');
    await git(fixture.folder, 'clone', '-q', '-b', 'level', fixture.remote(WRITER), other);
    const head = await commitFile(other, 'z.txt', 'z\n');
    await git(other, 'push', '-q', 'origin', 'level');
    await git(clone, 'fetch', '-q', 'origin');
    expect(await git(clone, 'rev-parse', 'origin/level')).to.equal(head);
  });

  it('takes a push of a token that may write, large ones too', async () => {
    await cloneAs(WRITER, '-b', 'feature');
    // Above git's post buffer of 1 MiB the pack is streamed in chunks.
    writeFileSync(
      join(clone, 'large.bin'),
      Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * i * 31) >> 7)),
    );
    const head = await commitFile(clone, 'c.txt', 'three\n');
    await git(clone, 'push', '-q', 'origin', 'feature');
    expect(await git(fixture.bare, 'rev-parse', 'feature')).to.equal(head);
  });

  it('refuses who has no token, a wrong one, or one that may only read', async () => {
    const address = `${fixture.github.serverUrl}/acme/shop.git`;
    expect(await gitFailure(fixture.folder, 'ls-remote', address)).to.match(
      /could not read Username|Authentication failed/,
    );
    expect(await gitFailure(fixture.folder, 'ls-remote', fixture.remote('wrong'))).to.match(/Authentication failed/);
    await cloneAs(READER, '-b', 'feature');
    await commitFile(clone, 'c.txt', 'three\n');
    const refusal = await gitFailure(clone, 'push', 'origin', 'feature');
    expect(refusal)
      .to.match(/Permission to acme\/shop\.git denied to onlooker/)
      .and.match(/403/);
    expect(await gitFailure(fixture.folder, 'ls-remote', fixture.remote(WRITER, 'acme/none'))).to.match(/not found/i);
    await git(clone, 'remote', 'set-url', 'origin', fixture.remote(WRITER, 'acme/old'));
    expect(await gitFailure(clone, 'push', 'origin', 'feature')).to.match(/archived so it is read-only/);
  });

  it('refuses a push that is not a fast-forward, takes it by force, and holds a lease', async () => {
    await cloneAs(WRITER, '-b', 'feature');
    const seen = await git(clone, 'rev-parse', 'HEAD');
    const late = join(fixture.folder, 'late');
    await git(fixture.folder, 'clone', '-q', '-b', 'feature', fixture.remote(WRITER), late);
    await commitFile(clone, 'c.txt', 'first\n');
    await git(clone, 'push', '-q', 'origin', 'feature');
    await commitFile(late, 'c.txt', 'second\n');
    expect(await gitFailure(late, 'push', 'origin', 'feature')).to.match(/rejected/);
    const lease = `--force-with-lease=feature:${seen}`;
    expect(await gitFailure(late, 'push', lease, 'origin', 'feature')).to.match(/stale info/);
    const current = await git(clone, 'rev-parse', 'HEAD');
    await git(late, 'push', '-q', `--force-with-lease=feature:${current}`, 'origin', 'feature');
    expect(await git(fixture.bare, 'rev-parse', 'feature')).to.equal(await git(late, 'rev-parse', 'HEAD'));
  });

  it('declines protected branches in the words of GitHub, and takes the others of the same push', async () => {
    await cloneAs(WRITER, '-b', 'main');
    const main = await git(fixture.bare, 'rev-parse', 'main');
    await commitFile(clone, 'c.txt', 'three\n');
    expect(await gitFailure(clone, 'push', 'origin', 'main')).to.match(
      /! \[remote rejected\] main -> main \(protected branch hook declined\)/,
    );
    expect(await gitFailure(clone, 'push', 'origin', ':main')).to.match(/protected branch hook declined/);
    const mixed = await gitFailure(clone, 'push', 'origin', 'main', 'HEAD:refs/heads/extra');
    expect(mixed)
      .to.match(/main -> main \(protected branch hook declined\)/)
      .and.match(/\[new branch\] +HEAD -> extra/);
    expect(await git(fixture.bare, 'rev-parse', 'extra')).to.equal(await git(clone, 'rev-parse', 'HEAD'));
    const atomic = await gitFailure(clone, 'push', '--atomic', 'origin', 'main', 'HEAD:refs/heads/whole');
    expect(atomic)
      .to.match(/protected branch hook declined/)
      .and.match(/atomic/);
    expect(await git(fixture.bare, 'branch', '--list', 'whole')).to.equal('');
    expect(await git(fixture.bare, 'rev-parse', 'main')).to.equal(main);
  });

  it('refuses a branch that is checked out, even if the repository is configured to update it', async () => {
    const work = join(fixture.folder, 'work tree');
    await git(work, 'config', 'receive.denyCurrentBranch', 'updateInstead');
    await fixture.github.seed({
      owners: [{ login: 'mona', kind: 'user' }],
      repositories: [{ nameWithOwner: 'mona/work', path: work }],
    });
    await git(fixture.folder, 'clone', '-q', '-b', 'feature', fixture.remote(WRITER, 'mona/work'), clone);
    await commitFile(clone, 'c.txt', 'three\n');
    expect(await gitFailure(clone, 'push', 'origin', 'feature')).to.match(/branch is currently checked out/);
    await git(clone, 'push', '-q', 'origin', 'HEAD:refs/heads/beside');
    expect(await git(work, 'rev-parse', 'beside')).to.equal(await git(clone, 'rev-parse', 'HEAD'));
  });

  it('runs nothing that the served repository brings along', async () => {
    const trace = join(fixture.folder, 'ran');
    for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction']) {
      writeFileSync(join(fixture.bare, 'hooks', hook), `#!/bin/sh\necho ${hook} >> '${trace}'\n`, { mode: 0o755 });
    }
    for (const key of ['core.fsmonitor', 'core.alternateRefsCommand', 'uploadpack.packObjectsHook']) {
      await git(fixture.bare, 'config', key, `touch '${trace}'; false`);
    }
    await git(fixture.bare, 'config', 'core.hooksPath', join(fixture.bare, 'hooks'));
    await cloneAs(WRITER, '-b', 'feature');
    await commitFile(clone, 'c.txt', 'three\n');
    await git(clone, 'push', '-q', 'origin', 'feature');
    expect(existsSync(trace)).to.equal(false);
  });

  it('does not show or take what GitHub keeps for itself under refs/pull', async () => {
    await cloneAs(WRITER);
    expect(await gitFailure(clone, 'push', 'origin', 'HEAD:refs/pull/1/head')).to.match(/hidden ref/);
  });

  it('answers addresses that are not git with 404', async () => {
    const ask = async (path: string) => (await fetch(`${fixture.github.serverUrl}${path}`)).status;
    expect(await ask('/acme/shop.git/info/refs')).to.equal(404);
    expect(await ask('/acme/shop.git/info/refs?service=git-upload-archive')).to.equal(404);
    expect(await ask('/acme/shop.git/git-upload-pack')).to.equal(404);
    expect(await ask('/')).to.equal(404);
  });

  it('outlives a request that is not what it says, and a machine that has lost its git', async () => {
    const authorization = `Basic ${Buffer.from(`x-access-token:${WRITER}`).toString('base64')}`;
    const ask = (server: string, path: string, init: RequestInit = {}) =>
      fetch(`${server}/acme/shop.git/${path}`, { headers: { authorization, 'content-encoding': 'gzip' }, ...init })
        .then((response) => response.text())
        .catch(() => 'cut');
    expect(await ask(fixture.github.serverUrl, 'git-upload-pack', { method: 'POST', body: 'not gzip' })).to.equal(
      'cut',
    );
    expect(await ask(fixture.github.serverUrl, 'git-upload-pack', { method: 'POST', body: '' })).not.to.equal(
      undefined,
    );
    const gitless = await startGitHub({
      stateFolder: join(fixture.folder, 'state'),
      tokens,
      searchPath: fixture.folder,
    });
    try {
      expect(await ask(gitless.serverUrl, 'info/refs?service=git-upload-pack')).to.equal('cut');
      expect((await fetch(gitless.serverUrl)).status).to.equal(404);
    } finally {
      await gitless.close();
    }
    await cloneAs(READER);
  });

  it('logs services and logins, and no token', async () => {
    await cloneAs(WRITER);
    const logged = fixture.github.requests.filter(({ kind }) => kind === 'git');
    expect(logged.map(({ operations }) => operations[0])).to.include.members([
      'git-upload-pack:refs',
      'git-upload-pack',
    ]);
    expect(logged.at(-1)?.login).to.equal('worker');
    expect(JSON.stringify(fixture.github.requests)).not.to.include(WRITER);
  });

  describe('rulesets', () => {
    const rules = [
      { type: 'required_signatures', branches: 'guarded*' },
      { type: 'required_status_checks', branches: 'guarded' },
      { type: 'pull_request', branches: '~DEFAULT_BRANCH' },
    ] as const;
    const push = (ref: string) =>
      gitFailure(fixture.bare, 'push', fixture.remote(WRITER, 'acme/ruled'), `feature:refs/heads/${ref}`);
    const say = async (path: string) => {
      const headers = { authorization: `token ${WRITER}` };
      const answer = await fetch(`${fixture.github.apiUrl}${path}`, { headers });
      return { status: answer.status, body: (await answer.json()) as { type?: string }[] };
    };
    beforeEach(() =>
      fixture.github.seed({
        owners: [{ login: 'acme', kind: 'organization' }],
        repositories: [{ nameWithOwner: 'acme/ruled', path: fixture.bare, rules: [...rules] }],
      }),
    );

    it('refuse a push in GitHub’s words, by name, by the beginning of one, and for the default branch', async () => {
      const both = await push('guarded');
      expect(both).to.match(/remote: error: GH013: Repository rule violations found for refs\/heads\/guarded\./);
      expect(both).to.match(/remote: - Commits must have verified signatures\.[\s\S]*remote: - Required status check/);
      expect(both).to.match(/! \[remote rejected\].*\(push declined due to repository rule violations\)/);
      expect(await push('guarded-too'))
        .to.match(/verified signatures/)
        .and.not.match(/status check/);
      expect(await push('main')).to.match(/Changes must be made through a pull request/);
      await git(fixture.bare, 'push', '-q', fixture.remote(WRITER, 'acme/ruled'), 'feature:refs/heads/free');
    });

    it('are told for a branch that need not exist, and by GraphQL for one that does', async () => {
      const answer = await say('/repos/acme/ruled/rules/branches/guarded%2Fnew');
      expect(answer.body.map(({ type }) => type)).to.deep.equal(['required_signatures']);
      expect((await say('/repos/acme/nothing/rules/branches/x')).status).to.equal(404);
      const query = `query { repository(owner: "acme", name: "ruled") {
        defaultBranchRef { refUpdateRule { pattern } rules(first: 5) { nodes { type } } } } }`;
      const { repository } = await fixture.api<{ repository: unknown }>(query);
      expect(repository).to.deep.equal({
        defaultBranchRef: { refUpdateRule: null, rules: { nodes: [{ type: 'PULL_REQUEST' }] } },
      });
    });
  });
});
