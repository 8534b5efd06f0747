import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findBuildUser } from '../../../worker/build/build-user';
import { endMarked, findMarked } from '../../../worker/build/leftovers';
import { redactStrings } from '../../../worker/build/redact-strings';
import { createSandbox } from '../../../worker/build/sandbox';
import { sealCredentials } from '../../../worker/build/seal-credentials';
import { tidyTree } from '../../../worker/build/tidy-tree';
import { createTimeBudget } from '../../../worker/build/time-budget';
import { createWorkFolder } from '../../../worker/build/work-folder';
import { type BuildGround, inWhoseName, prepareBuild, testUser } from '../../support/build-ground';

const searchPath = process.env.PATH ?? '';
const isRoot = process.getuid?.() === 0;

const nameOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('findBuildUser', () => {
  it('is nobody else when no user is named', async () => {
    expect(await findBuildUser(null, { searchPath })).to.equal(null);
  });

  it(isRoot ? 'gives the user a group that nobody has' : 'needs root', async () => {
    if (!isRoot) {
      expect(await nameOf(findBuildUser('nobody', { searchPath }))).to.match(/^ValidationError: BUILD_USER: only root/);
      return;
    }
    const first = await findBuildUser('nobody', { searchPath });
    expect(first?.uid).to.be.greaterThan(0);
    expect(first?.gid).to.be.within(61_184, 65_519);
    expect(findMarked({ kind: 'group', gid: first?.gid ?? 0 })).to.deep.equal([]);
    expect(await nameOf(findBuildUser('no_such_user', { searchPath }))).to.match(
      /^ValidationError: .*no user "no_such_user"/,
    );
    expect(await nameOf(findBuildUser('root', { searchPath }))).to.match(/^ValidationError: .*"root" is root/);
  });
});

describe('endMarked', () => {
  it('ends what carries the variable, and leaves all else alone', async () => {
    const text = `KIRO_TEST_MARK=${process.pid}-${Date.now()}`;
    const [name = '', value = ''] = text.split('=');
    const marked = spawn('sleep', ['300'], {
      env: { PATH: searchPath, [name]: value },
      stdio: 'ignore',
      detached: true,
    });
    const longer = spawn('sleep', ['300'], { env: { PATH: searchPath, [name]: `${value}9` }, stdio: 'ignore' });
    const gone = new Promise((resolve) => marked.on('exit', (_, signal) => resolve(signal)));
    try {
      expect(await endMarked({ kind: 'variable', text })).to.equal(1);
      expect(await gone).to.equal('SIGKILL');
      expect(longer.exitCode).to.equal(null);
      expect(longer.signalCode).to.equal(null);
    } finally {
      marked.kill('SIGKILL');
      longer.kill('SIGKILL');
    }
  });
});

describe('createSandbox', () => {
  it(`says when ${testUser ?? 'we'} cannot get to the work folder`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'closed-'));
    const user = await findBuildUser(testUser, { searchPath });
    const folder = await createWorkFolder(join(root, 'work'), user);
    chmodSync(root, isRoot ? 0o700 : 0o755);
    if (!isRoot) chmodSync(folder.tree, 0o500);
    const deps = {
      searchPath,
      signal: new AbortController().signal,
      log: () => undefined,
      logs: { open: () => ({ write: () => undefined, end: () => '' }) },
    };
    expect(await nameOf(createSandbox({ folder, user }, deps))).to.match(/^ValidationError: .*cannot work in .*closed/);
    chmodSync(folder.tree, 0o700);
    rmSync(root, { recursive: true, force: true });
  });

  it('without another user runs as we do, says so, and leaves no process behind either', async () => {
    let ground: BuildGround | null = null;
    try {
      ground = await prepareBuild({
        user: null,
        agent: 'id -u > uid; setsid sleep 300 > /dev/null 2>&1 & echo $! > "$HOME/../pid"; mkfifo pipe; chmod 000 uid',
      });
      const result = await ground.run();
      expect(result.isolated).to.equal(false);
      expect(ground.show('uid', result)?.trim()).to.equal(String(process.getuid?.()));
      expect(ground.lines[0]).to.contain('no isolation');
      const work = join(
        ground.folder,
        execFileSync('ls', [ground.folder], { encoding: 'utf8' })
          .split('\n')
          .find((name) => name.startsWith('work-')) ?? '',
      );
      const pid = readFileSync(join(work, 'pid'), 'utf8').trim();
      expect(
        existsSync(`/proc/${pid}`) && !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
      ).to.equal(false);
    } finally {
      ground?.remove();
    }
  });
});

describe('sealCredentials', () => {
  it('closes the folder to everybody else, and needs none to be there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seal-'));
    chmodSync(folder, 0o755);
    await sealCredentials(folder);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    rmSync(folder, { recursive: true });
    await sealCredentials(folder);
    expect(await nameOf(sealCredentials('/proc/self/fd'))).to.match(
      /^PermissionDenied: \/proc\/self\/fd holds the build's credentials/,
    );
  });
});

describe('tidyTree', () => {
  it('takes away what belongs to somebody else or is no file, opens what is closed, and follows no link', () => {
    const root = mkdtempSync(join(tmpdir(), 'tidy-'));
    const tree = join(root, 'tree');
    mkdirSync(join(tree, 'node_modules', 'p', '.git'), { recursive: true });
    mkdirSync(join(tree, '.git'));
    mkdirSync(join(tree, 'sub', '.git'), { recursive: true });
    mkdirSync(join(root, 'outside', '.git'), { recursive: true });
    symlinkSync(join(root, 'outside'), join(tree, 'link'));
    writeFileSync(join(root, 'foreign'), 'secret');
    linkSync(join(root, 'foreign'), join(tree, 'foreign'));
    writeFileSync(join(tree, 'shut'), 'x');
    chmodSync(join(tree, 'shut'), 0o000);
    chmodSync(join(tree, 'sub'), 0o000);
    const mine = process.getuid?.() ?? 0;
    const [removed = '', ...more] = tidyTree(tree, null);
    expect(removed).to.match(/sub\/\.git": a repository in the repository$/);
    expect(more).to.deep.equal([]);
    expect(statSync(join(tree, 'shut')).mode & 0o400).to.equal(0o400);
    for (const kept of ['.git', 'node_modules/p/.git', 'link'])
      expect(lstatSync(join(tree, kept)), kept).not.to.equal(null);
    expect(existsSync(join(root, 'outside', '.git'))).to.equal(true);
    const others = tidyTree(tree, mine + 1);
    expect(others.some((line) => line.includes('foreign": it belongs to another user'))).to.equal(true);
    expect(readFileSync(join(root, 'foreign'), 'utf8')).to.equal('secret');
    rmSync(root, { recursive: true, force: true });
  });
});

describe('createTimeBudget', () => {
  const at = (seconds: number, timeoutMinutes: number, testMinutes: number) => {
    const start = new Date('2026-01-05T09:00:00Z');
    return createTimeBudget({ timeoutMinutes, testMinutes }, start, {
      now: () => new Date(start.getTime() + seconds * 1000),
    });
  };

  it('gives what is wanted while there is time, and keeps room for the end', () => {
    const budget = at(0, 90, 15);
    expect(budget.forWork(1800)).to.equal(1800);
    expect(budget.forWork(100_000)).to.equal(5400 - 180 - 900);
    expect(budget.forLastTests(100_000)).to.equal(5400 - 180);
  });

  it('gives what is left near the end, and nothing after it', () => {
    expect(at(4300, 90, 15).forWork(1800)).to.equal(20);
    expect(at(4400, 90, 15).forWork(1800)).to.equal(0);
    expect(at(4400, 90, 15).forLastTests(900)).to.equal(820);
    expect(at(9999, 90, 15).forLastTests(900)).to.equal(0);
  });

  it('has room for short builds, too', () => {
    expect(at(0, 1, 15).forWork(1000)).to.equal(60 - 5 - 15);
    expect(at(0, 1, 15).forLastTests(1000)).to.equal(55);
  });
});

describe('redactStrings', () => {
  it('goes into every text and leaves the rest as it is', () => {
    const redact = (text: string) => text.replaceAll('secret', '*');
    expect(redactStrings({ a: ['secret', 1, null, { b: 'my secret' }], c: true }, redact)).to.deep.equal({
      a: ['*', 1, null, { b: 'my *' }],
      c: true,
    });
  });
});

describe(`the work folder ${inWhoseName}`, () => {
  it('is closed and open as it has to be, whatever the umask', async () => {
    const root = mkdtempSync(join(tmpdir(), 'umask-'));
    const before = process.umask(0o077);
    try {
      const user = await findBuildUser(testUser, { searchPath });
      const folder = await createWorkFolder(root, user);
      const modes = Object.fromEntries(
        Object.entries(folder).map(([name, path]) => [name, statSync(path).mode & 0o777]),
      );
      expect(modes).to.deep.equal({
        tree: 0o700,
        home: 0o700,
        temporary: 0o700,
        repository: 0o755,
        prompts: 0o755,
        private: 0o700,
      });
      if (user) expect(statSync(folder.tree).uid).to.equal(user.uid);
      expect(statSync(folder.private).uid).to.equal(process.getuid?.());
    } finally {
      process.umask(before);
      rmSync(root, { recursive: true, force: true });
    }
  });
});
