import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openGit } from '../../../adapters/git/git';
import { checkGitVersion } from '../../../adapters/git/init-repository';
import { createRedactor } from '../../../domain/redaction';
import { commitFile, git as plainGit } from '../../local/github/github-fixture';
import { refusal } from '../../worker/broker-fixture';

const searchPath = process.env.PATH ?? '';
const author = {
  GIT_AUTHOR_NAME: 'Worker',
  GIT_AUTHOR_EMAIL: 'worker@example.com',
  GIT_COMMITTER_NAME: 'Worker',
  GIT_COMMITTER_EMAIL: 'worker@example.com',
};

describe('sealed git', () => {
  let folder: string;
  let workTree: string;
  let gitDir: string;
  const open = (extra: object = {}) => openGit(gitDir, { searchPath, ...extra });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sea led-'));
    workTree = join(folder, 'work tree');
    gitDir = join(workTree, '.git');
    await plainGit(folder, 'init', '-q', '-b', 'main', workTree);
    await commitFile(workTree, 'a.txt', 'one\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A repository whose own configuration runs a program at every opportunity. */
  const boobyTrap = async (trace: string): Promise<void> => {
    const hooks = join(folder, 'hooks');
    mkdirSync(hooks);
    for (const hook of ['pre-commit', 'post-checkout', 'reference-transaction', 'post-index-change', 'commit-msg'])
      writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >> '${trace}'\n`, { mode: 0o755 });
    for (const [key, value] of [
      ['core.hooksPath', hooks],
      ['core.fsmonitor', `echo fsmonitor >> '${trace}'; false`],
      ['core.editor', `echo editor >> '${trace}'; false`],
      ['commit.gpgSign', 'true'],
      ['gpg.program', `${hooks}/pre-commit`],
    ] as const)
      await plainGit(workTree, 'config', key, value);
  };

  it('runs nothing that the repository configures, where plain git does', async () => {
    const trace = join(folder, 'ran');
    await boobyTrap(trace);
    writeFileSync(join(workTree, 'b.txt'), 'two\n');
    await open().run(['add', '-A'], { workTree });
    await open().run(['commit', '-q', '-m', 'two'], { workTree, variables: author });
    await open().run(['checkout', '-q', '-b', 'other'], { workTree });
    await open().run(['status', '--porcelain'], { workTree });
    expect(existsSync(trace)).to.equal(false);
    expect(await open().run(['log', '-1', '--format=%an %s'])).to.equal('Worker two\n');

    await plainGit(workTree, 'status');
    expect(existsSync(trace)).to.equal(true);
  });

  it('inherits nothing: no configuration, no object folder, no other repository', async () => {
    const names = [
      'GIT_DIR',
      'GIT_CONFIG_PARAMETERS',
      'GIT_ALTERNATE_OBJECT_DIRECTORIES',
      'GIT_TRACE',
      'GIT_OBJECT_DIRECTORY',
    ];
    const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    const trace = join(folder, 'trace');
    const odd = [folder, "'user.name=Mallory'", folder, trace, folder];
    names.forEach((name, index) => {
      process.env[name] = odd[index] ?? '';
    });
    try {
      expect(await open().run(['rev-parse', '--git-dir'])).to.equal(`${gitDir}\n`);
      expect((await open().ask(['config', 'user.name'])).exitCode).to.equal(1);
    } finally {
      for (const name of names) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    expect(existsSync(trace)).to.equal(false);
  });

  it('beats what the repository configures, and takes more configuration that cannot unseal it', async () => {
    await plainGit(workTree, 'config', 'gc.auto', '1');
    const config = { 'core.hookspath': folder, 'user.name': 'Some Body' };
    expect(await open().run(['config', 'gc.auto'])).to.equal('0\n');
    expect(await open().run(['config', 'core.hooksPath'], { config })).to.equal('/dev/null\n');
    expect(await open().run(['config', 'user.name'], { config })).to.equal('Some Body\n');
  });

  it('reaches no other repository unless it is told how', async () => {
    const other = join(folder, 'other.git');
    await plainGit(folder, 'clone', '-q', '--bare', workTree, other);
    const fetch = async (url: string, options = {}) => (await open().ask(['fetch', url, 'main'], options)).stderr;
    expect(await fetch(other)).to.match(/transport 'file' not allowed/);
    expect(await fetch('http://127.0.0.1:1/x.git', { protocol: 'file' })).to.match(/transport 'http' not allowed/);
    expect(await fetch(`ext::touch ${join(folder, 'ran')}`, { protocol: 'https' })).to.match(/'ext' not allowed/);
    expect(await fetch('ssh://127.0.0.1:1/x', { protocol: 'https' })).to.match(/'ssh' not allowed/);
    expect(existsSync(join(folder, 'ran'))).to.equal(false);
    expect(await fetch(other, { protocol: 'file' })).not.to.match(/not allowed/);
  });

  it('finds no replaced objects', async () => {
    const first = await plainGit(workTree, 'rev-parse', 'HEAD');
    const second = await commitFile(workTree, 'b.txt', 'two\n');
    await plainGit(workTree, 'replace', second, first);
    expect(await plainGit(workTree, 'cat-file', 'commit', second)).not.to.match(/^parent/m);
    expect(await open().run(['cat-file', 'commit', second])).to.match(/^parent/m);
  });

  it('says what went wrong in a command of its own, with secrets taken out', async () => {
    const deps = { redact: createRedactor(['hidden-value']) };
    const error = await refusal(open(deps).run(['rev-parse', '--verify', 'hidden-value']), 'UnexpectedFault');
    expect(error.message).to.match(/git rev-parse failed with exit code 128: fatal: Needed a single revision/);
    const named = await refusal(open(deps).run(['cat-file', '-t', 'hidden-value']), 'UnexpectedFault');
    expect(named.message).to.match(/Not a valid object name \[redacted\]/);
  });

  it('tells a machine without git from a folder that is gone', async () => {
    await refusal(openGit(gitDir, { searchPath: folder }).run(['status']), 'GitMissing');
    const gone = openGit(join(folder, 'gone'), { searchPath });
    expect((await refusal(gone.run(['status']), 'UnexpectedFault')).message).to.match(/folder .* is gone/);
  });

  it('never cuts an answer: one that is too long is an error', async () => {
    const error = await refusal(open().run(['cat-file', '-p', 'HEAD'], { mostBytes: 20 }), 'ChangeTooLarge');
    expect(error.message).to.match(/git cat-file printed more/);
  });

  it('hands on long answers piece by piece', async () => {
    const pieces: Buffer[] = [];
    const onStdout = (piece: Buffer) => pieces.push(piece);
    expect(await open().run(['cat-file', 'blob', 'HEAD:a.txt'], { onStdout })).to.equal('');
    expect(Buffer.concat(pieces).toString()).to.equal('one\n');
  });

  /** A program that stands in for git, to end in ways that git can hardly be brought to. */
  const brokenGit = (script: string) => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return openGit(gitDir, { searchPath: `${bin}:${searchPath}` });
  };

  it('says that the disk is full', () =>
    refusal(brokenGit("echo 'fatal: write error: No space left on device' >&2; exit 128").run(['fetch']), 'DiskFull'));

  it('says that git was killed', async () => {
    const error = await refusal(brokenGit('kill -9 $$').run(['fetch']), 'UnexpectedFault');
    expect(error.message).to.equal('git fetch was ended by SIGKILL.');
  });

  it('refuses a git that would run unsealed, because it is too old', async () => {
    const git = (words: string) => brokenGit(`echo '${words}'`);
    const error = await refusal(checkGitVersion(git('git version 2.30.2')), 'GitMissing');
    expect(error.message).to.equal('"git version 2.30.2" is too old.');
    rmSync(join(folder, 'bin'), { recursive: true });
    await refusal(checkGitVersion(git('something else')), 'GitMissing');
    for (const words of ['git version 2.32.0', 'git version 3.0.1.windows.1']) {
      rmSync(join(folder, 'bin'), { recursive: true });
      await checkGitVersion(git(words));
    }
    await checkGitVersion(open());
  });

  it('ends a git that hangs, and says whether a server or git itself did not answer', async () => {
    const hung = brokenGit('sleep 60');
    const own = await refusal(hung.run(['gc'], { timeoutSeconds: 0.1 }), 'BuildTimedOut');
    expect(own.message).to.match(/git gc did not end/);
    const remote = hung.run(['fetch'], { timeoutSeconds: 0.1, protocol: 'https' });
    expect((await refusal(remote, 'RepositoryUnreachable')).message).to.match(/server did not answer git fetch/);
  });
});
