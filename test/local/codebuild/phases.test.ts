import { chmodSync } from 'node:fs';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { type BuildBench, building, course, openBuildBench, printed } from './support/build-bench';

const phases = (value: object, more: object = {}): string => JSON.stringify({ version: 0.2, phases: value, ...more });
const whole = ['SUBMITTED', 'QUEUED', 'PROVISIONING', 'DOWNLOAD_SOURCE'].map((type) => `${type} SUCCEEDED`);
const ending = ['FINALIZING SUCCEEDED', 'COMPLETED'];

describe('a local build', () => {
  let bench: BuildBench;
  afterEach(() => bench.builds.close());
  const folder = temporaryFolder();
  beforeEach(() => {
    bench = openBuildBench(folder());
  });

  it('goes through every phase in order, with its commands', async () => {
    const say = (word: string) => ({ commands: [`echo ${word}`], finally: [`echo finally ${word}`] });
    const { record, log } = await bench.run(
      phases({ install: say('one'), pre_build: say('two'), build: say('three'), post_build: say('four') }),
    );
    expect(record.status).to.equal('SUCCEEDED');
    expect(course(record)).to.deep.equal([
      ...whole,
      'INSTALL SUCCEEDED',
      'PRE_BUILD SUCCEEDED',
      'BUILD SUCCEEDED',
      'POST_BUILD SUCCEEDED',
      'UPLOAD_ARTIFACTS SUCCEEDED',
      ...ending,
    ]);
    expect(printed(log)).to.deep.equal(['one', 'two', 'three', 'four'].flatMap((word) => [word, `finally ${word}`]));
    expect(record.phases.every(({ start, end }) => end === undefined || end >= start)).to.equal(true);
  });

  it('carries directory, exports, variables and functions over from command to command and phase to phase', async () => {
    const { log, record } = await bench.run(
      phases({
        install: { commands: ['mkdir -p deep/er && cd deep', 'export EXPORTED=yes', 'plain=also', 'f() { echo f; }'] },
        build: { commands: ['pwd | sed "s#.*/src#src#"', 'echo $EXPORTED $plain', 'f', 'cd er'] },
        post_build: { commands: ['basename "$(pwd)"'] },
      }),
    );
    expect(record.status).to.equal('SUCCEEDED');
    expect(printed(log)).to.deep.equal(['src/deep', 'yes also', 'f', 'er']);
  });

  it('keeps exports and directory even when a command leaves the shell', async () => {
    const { log, record } = await bench.run(
      building(
        'mkdir sub && cd sub',
        'export MULTI="$(printf \'one\\ntwo\')"',
        'exit 0',
        'basename "$(pwd)"',
        'echo "$MULTI"',
      ),
    );
    expect(record.status).to.equal('SUCCEEDED');
    expect(printed(log)).to.deep.equal(['sub', 'one', 'two']);
  });

  it('writes what a command prints before the runner says that the command has ended', async () => {
    const { log } = await bench.run(building('echo first; echo second >&2; printf "no end"', 'echo next'));
    const order = [
      'Running command echo first',
      '\nfirst',
      '\nsecond',
      '\nno end',
      'Running command echo next',
      '\nnext',
    ];
    const places = order.map((text) => log.indexOf(text));
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
    expect(printed(log)).to.deep.equal(['first', 'second', 'no end', 'next']);
  });

  it('gives commands no input, and none of the descriptors of the runner', async () => {
    const { log, record } = await bench.run(building('cat', '(echo 0 >&3) 2>/dev/null || echo closed', 'echo alive'));
    expect(record.status).to.equal('SUCCEEDED');
    expect(printed(log)).to.deep.equal(['closed', 'alive']);
  });

  describe('whose command fails', () => {
    it('in install or pre_build ends there', async () => {
      for (const name of ['install', 'pre_build']) {
        const { record, log } = await bench.run(
          phases({
            [name]: { commands: ['exit 3', 'echo never'], finally: ['echo finally'] },
            build: { commands: ['echo never'] },
            post_build: { commands: ['echo never'] },
          }),
        );
        expect(record.status).to.equal('FAILED');
        expect(course(record).slice(-3)).to.deep.equal([`${name.toUpperCase()} FAILED`, ...ending]);
        expect(printed(log)).to.deep.equal(['finally']);
      }
    });

    it('in build goes on to post_build, which is told of it', async () => {
      const { record, log } = await bench.run(
        phases({
          install: { commands: ['echo $CODEBUILD_BUILD_SUCCEEDING'] },
          build: { commands: ['false', 'echo never'] },
          post_build: { commands: ['echo $CODEBUILD_BUILD_SUCCEEDING'] },
        }),
      );
      expect(record.status).to.equal('FAILED');
      expect(course(record).slice(-5)).to.deep.equal([
        'BUILD FAILED',
        'POST_BUILD SUCCEEDED',
        'UPLOAD_ARTIFACTS SUCCEEDED',
        ...ending,
      ]);
      expect(printed(log)).to.deep.equal(['1', '0']);
    });

    it('says which one, and with which status', async () => {
      const { record } = await bench.run(building('node -e "process.exit(7)"'));
      const contexts = record.phases.find(({ type }) => type === 'BUILD')?.contexts;
      expect(contexts).to.deep.equal([
        {
          statusCode: 'COMMAND_EXECUTION_ERROR',
          message: 'Error while executing command: node -e "process.exit(7)". Reason: exit status 7',
        },
      ]);
    });

    const failures: readonly (readonly [string, string, number])[] = [
      ['by exit', 'exit 5', 5],
      ['by a program that is not there', 'no-such-program-at-all', 127],
      ['by a signal', 'sh -c "kill -9 \\$\\$"', 137],
      ['by set -e', 'set -e; false; echo never', 1],
      ['by a syntax error', 'if then', 2],
    ];
    for (const [how, command, status] of failures)
      it(`${how} has the status of that command`, async () => {
        const { record } = await bench.run(building(command));
        const [context] = record.phases.find(({ type }) => type === 'BUILD')?.contexts ?? [];
        expect(context?.message).to.match(new RegExp(`Reason: exit status ${status}$`));
      });

    it('follows on-failure: ABORT skips post_build, CONTINUE goes on after install', async () => {
      const abort = await bench.run(
        phases({ build: { 'on-failure': 'ABORT', commands: ['false'] }, post_build: { commands: ['echo never'] } }),
      );
      expect(course(abort.record).slice(-3)).to.deep.equal(['BUILD FAILED', ...ending]);
      const goOn = await bench.run(
        phases({ install: { 'on-failure': 'CONTINUE', commands: ['false'] }, build: { commands: ['echo on'] } }),
      );
      expect(printed(goOn.log)).to.deep.equal(['on']);
      expect(goOn.record.status).to.equal('FAILED');
    });

    it('in finally fails the phase', async () => {
      const { record } = await bench.run(phases({ build: { commands: ['true'], finally: ['false'] } }));
      expect(record.status).to.equal('FAILED');
      expect(course(record)).to.include('BUILD FAILED');
    });
  });

  it('runs in the shell that the buildspec names', async () => {
    const bash = await bench.run(
      phases(
        { build: { commands: ['echo ${BASH_VERSION:+bash}', 'a=(1 2); echo ${#a[@]}'] } },
        { env: { shell: 'bash' } },
      ),
    );
    expect(printed(bash.log)).to.deep.equal(['bash', '2']);
  });

  const isRoot = process.getuid?.() === 0;
  it(`${isRoot ? 'runs a phase as the user of run-as' : 'says that run-as has no effect'}`, async () => {
    chmodSync(folder(), 0o755);
    const { log, record } = await bench.run(
      phases({ install: { commands: ['id -un'] }, build: { 'run-as': 'nobody', commands: ['id -un', 'true'] } }),
    );
    const [first, second] = printed(log);
    expect(record.status).to.equal('SUCCEEDED');
    if (isRoot) expect([first, second]).to.deep.equal(['root', 'nobody']);
    else expect(log).to.contain('run-as nobody has no effect');
    expect(second === first).to.equal(!isRoot);
  });

  it('fails when run-as names nobody that exists', async () => {
    const { record } = await bench.run(phases({ build: { 'run-as': 'nobody-at-all', commands: ['true'] } }));
    expect(record.status).to.equal(isRoot ? 'FAILED' : 'SUCCEEDED');
  });
});
