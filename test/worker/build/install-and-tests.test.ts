import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type BuildGround, inWhoseName, prepareBuild, type Scene, SPEC } from '../../support/build-ground';

const settings = (install: string, test: string, minutes = 5): string =>
  `install: {command: ${JSON.stringify(install)}, timeoutMinutes: ${minutes}}\ntest: {command: ${JSON.stringify(test)}, timeoutMinutes: ${minutes}}\n`;

const isAlive = (pid: string): boolean => {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe(`install and tests ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };
  const codeOf = async (scene: Scene): Promise<string> => {
    const { fail } = await prepare(scene);
    const error = await fail();
    ground?.remove();
    return `${error.name}: ${error.message} ${error.remedy}`;
  };
  afterEach(() => ground?.remove());

  it('end as InstallFailed with the last words of an install that fails, hangs or is not there', async () => {
    expect(await codeOf({ settings: settings('echo E404 no such package; exit 7', 'true') })).to.match(
      /^InstallFailed: .*exited with 7.*E404 no such package.*install\.command/s,
    );
    expect(await codeOf({ settings: settings('echo waiting; sleep 100', 'true', 0.02) })).to.match(
      /^InstallFailed: .*did not end within \d+ s.*waiting/s,
    );
    expect(await codeOf({ settings: settings('no-such-package-manager install', 'true') })).to.match(
      /^InstallFailed: .*exited with 127/s,
    );
    expect(await codeOf({ settings: settings('kill -9 $$', 'true') })).to.match(
      /^InstallFailed: .*was ended by SIGKILL/s,
    );
    expect(await codeOf({ settings: settings('cat /dev/zero > /dev/full', 'true') })).to.match(/^DiskFull/);
  });

  it('record tests that hang, leave servers running, or fail before the work: none of it is fatal', async () => {
    const { run, show } = await prepare({
      settings: settings('', 'sh test.sh', 0.05),
      base: {
        'test.sh':
          "if [ -e work.txt ]; then node -e \"require('http').createServer().listen(0, () => console.log('listening'))\" > server.log & echo $! > server.pid; " +
          'setsid sh -c "touch up; exec sleep 200" > /dev/null 2>&1 & while [ ! -e up ]; do sleep 0.05; done; echo tested; exit 0; fi; echo hanging; sleep 100\n',
      },
      agent: 'echo x > work.txt',
    });
    const result = await run();
    expect(result.tests.before).to.deep.include({ ending: 'timed-out', exitCode: null, outputTail: 'hanging' });
    expect(result.tests.after).to.deep.include({ ending: 'passed', exitCode: 0, outputTail: 'tested' });
    expect(show('work.txt', result)).to.equal('x\n');
    const pids = ground?.lines.some((line) => /tests after: ended \d+ process/.test(line));
    expect(pids).to.equal(true);
  });

  it('leave no server behind', async () => {
    const { run, lines } = await prepare({
      settings: settings('', 'sh test.sh'),
      base: { 'test.sh': 'setsid sleep 200 > /dev/null 2>&1 & echo "pid $!"\n' },
    });
    await run();
    const pids = lines.flatMap((line) => /pid (\d+)/.exec(line)?.[1] ?? []);
    expect(pids).to.have.length(2);
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });

  it('find out how an npm project installs and tests, and run npm for real', async () => {
    const manifest = {
      name: 'shop',
      version: '1.0.0',
      scripts: { postinstall: 'echo installed > installed.txt', test: 'node test.js' },
    };
    const { run, lines, changed } = await prepare({
      settings: null,
      base: {
        'package.json': JSON.stringify(manifest),
        '.gitignore': 'installed.txt\n',
        'test.js': 'require("fs").accessSync("installed.txt"); console.log("all fine");\n',
      },
      agent: 'echo x > work.txt',
    });
    const result = await run();
    expect(result.tests.before).to.deep.include({ ending: 'passed', command: 'npm test' });
    expect(result.tests.after.outputTail).to.contain('all fine');
    expect(lines.some((line) => line.startsWith('install | '))).to.equal(true);
    expect(changed(result.resultHead), 'package-lock.json is what npm install wrote, not the agent').to.deep.equal([
      `${SPEC}/tasks.md`,
      'work.txt',
    ]);
  });

  it('use npm ci when there is a lock file, and install nothing when there is nothing to install', async () => {
    const lock = {
      name: 'shop',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name: 'shop', version: '1.0.0' } },
    };
    const scripts = { postinstall: 'echo postinstall ran', test: 'true' };
    const locked = await prepare({
      settings: null,
      base: {
        'package.json': JSON.stringify({ name: 'shop', version: '1.0.0', scripts }),
        'package-lock.json': JSON.stringify(lock),
      },
    });
    await locked.run();
    expect(locked.logText('install.log')).to.contain('postinstall ran');
    locked.remove();
    const plain = await prepare({
      settings: null,
      base: { 'package.json': JSON.stringify({ scripts: { test: 'true' } }) },
    });
    await plain.run();
    expect(plain.lines).to.include('nothing to install');
  });

  it('work without Node: a Makefile is enough', async () => {
    const { run } = await prepare({
      settings: null,
      base: { Makefile: 'CC := cc\n.PHONY: test\ntest: build\n\t@echo made\nbuild:\n' },
    });
    expect((await run()).tests.after).to.deep.include({ command: 'make test', ending: 'passed', outputTail: 'made' });
  });

  it('are refused before anything runs when there is no command for the tests', async () => {
    const nothing = await codeOf({ settings: null });
    expect(nothing).to.match(
      /^SettingsInvalid: No command that runs the tests was found: there is no package.json.*test\.command/s,
    );
    expect(await codeOf({ settings: null, base: { 'package.json': '{}' } })).to.match(
      /package.json has no script "test"/,
    );
    expect(await codeOf({ settings: null, base: { 'package.json': '{' } })).to.match(
      /^SettingsInvalid: package.json cannot be used/,
    );
    expect(await codeOf({ settings: null, base: { 'package.json': '{"scripts": 1}' } })).to.match(
      /^SettingsInvalid: package.json cannot be used/,
    );
    expect(await codeOf({ settings: null, base: { 'package.json': ' '.repeat(5_000_000) } })).to.match(
      /^SettingsInvalid: package.json cannot be read: it has 4\.8 MiB; at most/,
    );
    expect(await codeOf({ settings: null, base: { Makefile: 'test := 1\n' } })).to.match(/^SettingsInvalid/);
    expect(await codeOf({ settings: 'tset: {}\n' })).to.match(
      /^SettingsInvalid: kiro-worker.yml.*tset is not a setting/,
    );
  });

  it('keep a home of their own, which is not the supervisor’s', async () => {
    const { run } = await prepare({
      settings: settings('', 'test "$(ls -A "$HOME")" = "" && touch "$HOME/x"; rm "$HOME/x"; echo "$HOME"; exit 0'),
    });
    const result = await run();
    expect(result.tests.before.outputTail)
      .to.match(/\/home$/)
      .and.not.equal(process.env.HOME);
  });

  /** A clock that stands still but for one leap, when a line of the log says so. */
  const leapingClock = (when: string, seconds: number) => {
    let time = Date.parse('2026-01-05T09:00:00Z');
    let leapt = false;
    return {
      now: () => new Date(time),
      onLog: (line: string) => {
        if (!leapt && line.startsWith(when)) {
          leapt = true;
          time += seconds * 1000;
        }
      },
    };
  };

  it('do not run the last tests into the end of the build: the result is written in time', async () => {
    const { run } = await prepare({
      settings: settings('', 'if [ -e work.txt ]; then sleep 100; fi'),
      agent: 'echo x > work.txt',
      timeoutMinutes: 10,
      ...leapingClock('task 1: 1 file changed', 600 - 30 - 1),
    });
    const result = await run();
    expect(result.tests.after.ending).to.equal('timed-out');
    expect(result.tests.after.seconds).to.be.lessThan(60);
  });

  it('do not start the last tests when no time is left for them', async () => {
    const { run } = await prepare({ timeoutMinutes: 10, ...leapingClock('task 1: 1 file changed', 599) });
    const result = await run();
    expect(result.tests.after.ending).to.equal('not-run');
    expect(result.coverage.after.kind).to.equal('absent');
    expect(result.commits).to.have.length(1);
  });

  it('have room kept for them: a task that could not end in time is not begun', async () => {
    const { run } = await prepare({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n',
      agent: 'echo x > work.$KIRO_WORKER_TASK_ID',
      timeoutMinutes: 10,
      ...leapingClock('task 2: begun', 600 - 30 - 150 - 2),
    });
    const result = await run();
    expect(result.fault).to.deep.include({ code: 'BuildTimedOut', task: '2' });
    expect(result.tests.after.ending).to.equal('passed');
    expect(result.tasks.map(({ state }) => state)).to.deep.equal(['done', 'failed', 'open']);
  });

  it('do not begin when no time is left to install', async () => {
    const clock = leapingClock('unpacked', 590);
    expect(await codeOf({ settings: settings('true', 'true'), timeoutMinutes: 10, ...clock })).to.match(
      /^BuildTimedOut: No time is left to install/,
    );
  });
});
