import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Clock } from '../../../local/asl/clock';
import { Stopped } from '../../../local/asl/failures';
import { temporaryFolder } from '../../support/temporary-folder';
import { type BuildBench, building, course, openBuildBench, project } from './support/build-bench';

/** Lets every sleep end at the push of a button. */
const createButtonClock = (): Clock & { readonly push: (milliseconds: number) => void } => {
  const sleepers = new Set<{ readonly milliseconds: number; readonly wake: () => void }>();
  return {
    now: () => new Date(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(new Stopped());
        });
      }),
    push: (milliseconds) => {
      for (const sleeper of sleepers) if (sleeper.milliseconds === milliseconds) sleeper.wake();
    },
  };
};

const MINUTE = 60_000;
const isRoot = process.getuid?.() === 0;

describe('local builds', () => {
  let bench: BuildBench;
  afterEach(() => bench.builds.close());
  const folder = temporaryFolder();
  const open = (options: Parameters<typeof openBuildBench>[1] = {}) => {
    bench = openBuildBench(folder(), options);
    return bench;
  };

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  /** Starts a build and waits until its log holds `text`. */
  const startUntil = async (text: string, request: Parameters<BuildBench['start']>[0] = {}): Promise<string> => {
    const { id } = bench.start(request);
    await until(() => existsSync(bench.builds.logFile(id)) && bench.log(id).includes(text));
    return id;
  };
  const isAlive = (pid: number): boolean => {
    try {
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0];
      return state !== 'Z';
    } catch {
      return false;
    }
  };
  /** A build that starts a child, a background process and a daemon that leaves its session, prints their pids and hangs. */
  const hanging = building(
    'sleep 1000 & echo "pid $!"',
    `node -e 'const child = require("node:child_process").spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }); child.unref(); console.log("pid " + child.pid)'`,
    'echo "pid $$"; echo ready; sleep 1000',
  );
  const pidsIn = (log: string): readonly number[] => [...log.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));

  it('end with all their processes when they are stopped, also with those that have left their group', async () => {
    await open().putSource({ 'buildspec.yml': hanging });
    const id = await startUntil('\nready');
    const pids = pidsIn(bench.log(id));
    expect(pids).to.have.length(3);
    bench.builds.stop(id);
    const record = await bench.builds.waitForEnd(id);
    expect(record.status).to.equal('STOPPED');
    expect(course(record).slice(-3)).to.deep.equal(['BUILD STOPPED', 'FINALIZING SUCCEEDED', 'COMPLETED']);
    expect(record.phases.find(({ type }) => type === 'BUILD')?.contexts[0]?.statusCode).to.equal('BUILD_STOPPED');
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect(bench.builds.stop(id)).to.deep.equal(record);
  });

  it('end with processes that ignore the polite signal', async () => {
    await open().putSource({
      'buildspec.yml': building(
        `trap "" TERM; node -e 'process.on("SIGTERM", () => {}); console.log("pid " + process.pid); console.log("ready"); setInterval(() => {}, 1000)'`,
      ),
    });
    const id = await startUntil('\nready');
    bench.builds.stop(id);
    expect((await bench.builds.waitForEnd(id)).status).to.equal('STOPPED');
    expect(pidsIn(bench.log(id)).filter(isAlive)).to.deep.equal([]);
  });

  it('leave nothing running when they succeed', async () => {
    const { record, log } = await open().run(
      building('sleep 1000 & echo "pid $!"', '(setsid sleep 1000 & echo "pid $!")'),
    );
    expect(record.status).to.equal('SUCCEEDED');
    expect(pidsIn(log).length).to.equal(2);
    expect(pidsIn(log).filter(isAlive)).to.deep.equal([]);
  });

  it('end as TIMED_OUT after the minutes of StartBuild or of the project', async () => {
    const clock = createButtonClock();
    await open({ clock, projects: [project({ timeoutMinutes: 61 })] }).putSource({ 'buildspec.yml': hanging });
    for (const [minutes, request] of [
      [61, {}],
      [7, { timeoutInMinutesOverride: 7 }],
    ] as const) {
      const id = await startUntil('\nready', request);
      clock.push(minutes * MINUTE);
      const record = await bench.builds.waitForEnd(id);
      expect(record.status).to.equal('TIMED_OUT');
      expect(course(record)).to.include('BUILD TIMED_OUT');
      expect(record.phases.find(({ type }) => type === 'BUILD')?.contexts).to.deep.equal([
        { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out.' },
      ]);
      expect(pidsIn(bench.log(id)).filter(isAlive)).to.deep.equal([]);
    }
  });

  it('wait for a place in the order of their start', async () => {
    await open({ slots: 1 }).putSource({
      'buildspec.yml': building('echo ready; while [ ! -e "$GO" ]; do sleep 0.02; done'),
    });
    const go = (name: string) => ({
      environmentVariablesOverride: [{ name: 'GO', value: join(folder(), name), type: 'PLAINTEXT' as const }],
    });
    const first = await startUntil('\nready', go('first'));
    const [second, third] = [bench.start(go('second')).id, bench.start(go('third')).id];
    const phase = (id: string) => bench.builds.find(id)?.phases.at(-1)?.type;
    expect([phase(first), phase(second), phase(third)]).to.deep.equal(['BUILD', 'QUEUED', 'QUEUED']);
    writeFileSync(join(folder(), 'first'), '');
    await bench.builds.waitForEnd(first);
    await until(() => phase(second) === 'BUILD');
    expect(phase(third)).to.equal('QUEUED');
    writeFileSync(join(folder(), 'second'), '');
    writeFileSync(join(folder(), 'third'), '');
    expect((await bench.builds.waitForEnd(third)).status).to.equal('SUCCEEDED');
    expect(bench.builds.list().map(({ number }) => number)).to.deep.equal([1, 2, 3]);
  });

  it('can be stopped, or run out of time, while they wait', async () => {
    const clock = createButtonClock();
    await open({ slots: 1, clock }).putSource({ 'buildspec.yml': hanging });
    const first = await startUntil('\nready');
    const stopped = bench.start().id;
    const late = bench.start({ queuedTimeoutInMinutesOverride: 5 }).id;
    bench.builds.stop(stopped);
    clock.push(5 * MINUTE);
    const records = [await bench.builds.waitForEnd(stopped), await bench.builds.waitForEnd(late)];
    expect(records.map(({ status }) => status)).to.deep.equal(['STOPPED', 'TIMED_OUT']);
    expect(records.map(course)).to.deep.equal([
      ['SUBMITTED SUCCEEDED', 'QUEUED STOPPED', 'COMPLETED'],
      ['SUBMITTED SUCCEEDED', 'QUEUED TIMED_OUT', 'COMPLETED'],
    ]);
    bench.builds.stop(first);
    await bench.builds.waitForEnd(first);
    expect((await bench.run(building('true'))).record.status).to.equal('SUCCEEDED');
  });

  it('are refused, not queued, beyond the limit of their project', async () => {
    await open({ projects: [project({ concurrentBuildLimit: 1 })] }).putSource({ 'buildspec.yml': hanging });
    const id = await startUntil('\nready');
    expect(() => bench.start())
      .to.throw(Error)
      .with.property('name', 'AccountLimitExceededException');
    bench.builds.stop(id);
    await bench.builds.waitForEnd(id);
    expect((await bench.run(building('true'))).record.status).to.equal('SUCCEEDED');
  });

  it('of an unknown project are refused', () => {
    expect(() => open().start({ projectName: 'none' }))
      .to.throw(Error, 'none')
      .with.property('name', 'ResourceNotFoundException');
    expect(() => bench.builds.stop('project:none'))
      .to.throw(Error)
      .with.property('name', 'ResourceNotFoundException');
  });

  it('are stopped when the runner is closed, and known after a restart', async () => {
    await open().putSource({ 'buildspec.yml': hanging });
    const id = await startUntil('\nready');
    const pids = pidsIn(bench.log(id));
    await bench.builds.close();
    expect(pids.filter(isAlive)).to.deep.equal([]);
    open();
    expect(bench.builds.recover()).to.deep.equal([]);
    expect(bench.builds.find(id)).to.include({ status: 'STOPPED' });
    expect(readdirSync(join(folder(), 'builds', id.split(':')[1] ?? '')).sort()).to.deep.equal([
      'build.json',
      'log.txt',
    ]);
    expect((await bench.run(building('true'))).record.number).to.equal(2);
  });

  it('work outside of the state folder, where no settings of a project are above them, and leave nothing', async () => {
    await open().putSource({
      'buildspec.yml': building('echo "in $CODEBUILD_SRC_DIR"; pwd -P; ls -A "$CODEBUILD_SRC_DIR/.."'),
    });
    const { id } = bench.start();
    const { workFolder = '' } = await bench.builds.waitForEnd(id);
    expect(bench.log(id)).to.contain(`in ${join(workFolder, 'src')}`);
    const inTheirs = dirname(workFolder);
    if (isRoot) expect(statSync(inTheirs).mode & 0o002, 'a build user could plant settings there').to.equal(0);
    else expect(inTheirs).to.equal(tmpdir());
    expect(existsSync(workFolder)).to.equal(false);
  });

  it('that were killed leave no folder behind either, and nothing else is removed', async () => {
    await open().putSource({ 'buildspec.yml': building('true') });
    const { id } = bench.start();
    await bench.builds.waitForEnd(id);
    const left = mkdtempSync(join(tmpdir(), 'kiro-worker-build-'));
    const file = join(folder(), 'builds', id.split(':')[1] ?? '', 'build.json');
    const pretend = (workFolder: string) => {
      const record = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...record, status: 'IN_PROGRESS', workFolder }));
      open();
      expect(bench.builds.recover().map(({ status }) => status)).to.deep.equal(['FAULT']);
    };
    pretend(left);
    expect(existsSync(left)).to.equal(false);
    pretend(folder());
    expect(existsSync(folder())).to.equal(true);
  });

  it('whose folder cannot be made are a fault that says why', async () => {
    await open().putSource({ 'buildspec.yml': building('true') });
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(folder(), 'nowhere');
    try {
      const { id } = bench.start();
      const record = await bench.builds.waitForEnd(id);
      expect(record.status).to.equal(isRoot ? 'SUCCEEDED' : 'FAULT'); // root has other places
      if (!isRoot) expect(JSON.stringify(record.phases)).to.match(/INTERNAL_SERVICE_ERROR.*ENOENT.*nowhere/);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it('whose log cannot be written are a fault, and keep nobody waiting', async () => {
    await open({ slots: 1 }).putSource({ 'buildspec.yml': building('true') });
    const { id } = bench.start();
    mkdirSync(bench.builds.logFile(id), { recursive: true });
    expect((await bench.builds.waitForEnd(id)).status).to.equal('FAULT');
    expect((await bench.run(building('true'))).record.status).to.equal('SUCCEEDED');
  });
});
