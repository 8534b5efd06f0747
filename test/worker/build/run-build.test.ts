import { expect } from 'chai';
import {
  type BuildGround,
  git,
  inWhoseName,
  prepareBuild,
  type Scene,
  SPEC,
  testUser,
} from '../../support/build-ground';

const writesReport = 'mkdir -p coverage && echo "{}" > coverage/coverage-summary.json && echo fine\n';

describe(`runBuild, ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };
  afterEach(() => ground?.remove());

  it('does the open required tasks one by one, ticks and commits each, and proves the result', async () => {
    const { run, checkout, show, changed, source, store } = await prepare({
      base: { 'test.sh': writesReport },
      tasks:
        '# Plan\r\n\r\n- [ ] 1. Parent\r\n\t- [x] 1.1 Before\r\n\t- [-] 1.2 Write\r\n\t- [ ]* 1.3 Maybe\r\n- [ ] 2. Checkpoint\r\n',
      agent: '[ $KIRO_WORKER_TASK_ID != 1.2 ] || cat > prompt.txt',
    });
    const result = await run();

    expect(result.isolated).to.equal(testUser !== null);
    expect(result.fault).to.equal(null);
    expect(result.tasks.map(({ id, state }) => [id, state])).to.deep.equal([
      ['1.1', 'already-done'],
      ['1.2', 'done'],
      ['1.3', 'skipped'],
      ['2', 'done'],
    ]);
    expect(show(`${SPEC}/tasks.md`, result)).to.equal(
      '# Plan\r\n\r\n- [x] 1. Parent\r\n\t- [x] 1.1 Before\r\n\t- [x] 1.2 Write\r\n\t- [ ]* 1.3 Maybe\r\n- [x] 2. Checkpoint\r\n',
    );
    const [first = '', second = ''] = result.commits.map(({ sha }) => sha);
    expect(changed(first)).to.deep.equal([`${SPEC}/tasks.md`, 'prompt.txt']);
    expect(changed(second)).to.deep.equal([`${SPEC}/tasks.md`]);
    expect(git(source, 'log', '-1', '--format=%B|%(trailers:key=Kiro-Task,valueonly)|%an|%P', first)).to.equal(
      `Task 1.2: Write\n\nKiro-Task: 1.2\n|1.2\n|Kiro CodeBuild Worker|${checkout.head}\n`,
    );
    expect(git(source, 'for-each-ref', '--format=%(objectname)', 'refs/heads/result').trim()).to.equal(
      result.resultHead,
    );
    expect(git(source, 'bundle', 'list-heads', `${ground?.folder}/result.bundle`)).to.equal(
      `${result.resultHead} refs/heads/work\n`,
    );
    expect(result.tests.before.ending + result.tests.after.ending).to.equal('passedpassed');
    expect(result.coverage.before).to.deep.include({ kind: 'found', commit: checkout.head });
    expect(result.coverage.after).to.deep.include({
      kind: 'found',
      commit: result.resultHead,
      path: 'coverage/coverage-summary.json',
    });
    expect(store.keys().filter((key) => key.includes('/build/'))).to.deep.equal([
      'builds/execution-1/build/changed-lines.ndjson',
      'builds/execution-1/build/coverage/after/coverage-summary.json',
      'builds/execution-1/build/coverage/before/coverage-summary.json',
      'builds/execution-1/build/logs/agent-1.2.log',
      'builds/execution-1/build/logs/agent-2.log',
      'builds/execution-1/build/logs/tests-after.log',
      'builds/execution-1/build/logs/tests-before.log',
      'builds/execution-1/build/logs/tests-checkpoint-2.log',
      'builds/execution-1/build/result.bundle',
      'builds/execution-1/build/result.json',
      'builds/execution-1/build/spending.json',
    ]);
  });

  it('tells the agent its task in the ways that the guide names', async () => {
    const { run, show } = await prepare({
      tasks: '- [ ] 1. Answer "questions"\n  - Be kind\n  - _Requirements: 1.1_\n',
      feature: { [`${SPEC}/design.md`]: 'The design.\n' },
      agent:
        'cat > stdin.txt; cmp stdin.txt "$KIRO_WORKER_PROMPT_FILE" && ' +
        'printf "%s|%s|%s|%s" "$KIRO_WORKER_TASK_ID" "$KIRO_WORKER_TASK_TITLE" "$KIRO_WORKER_SPEC_PATH" "$PWD" > facts.txt',
    });
    const result = await run();
    const [id, title, spec, folder] = show('facts.txt', result)?.split('|') ?? [];
    expect([id, title, spec]).to.deep.equal(['1', 'Answer "questions"', SPEC]);
    expect(folder).to.match(/\/tree$/);
    const prompt = show('stdin.txt', result) ?? '';
    for (const part of [
      'Task 1: Answer "questions"',
      '- Be kind',
      '1. WHEN asked THEN it SHALL answer',
      'The design.',
      'sh test.sh',
    ])
      expect(prompt).to.contain(part);
  });

  it('lets the agent use git on a copy that is up to date, and takes nothing from it', async () => {
    const { run, show, changed, source } = await prepare({
      tasks: '- [ ] 1. A\n- [ ] 2. B\n',
      agent:
        'git log --format=%s > log.$KIRO_WORKER_TASK_ID && git diff --stat origin/main > diff.$KIRO_WORKER_TASK_ID && ' +
        'git status --porcelain > status.$KIRO_WORKER_TASK_ID && git add -A && git commit -qm "mine" && git branch -m elsewhere',
    });
    const result = await run();
    expect(show('log.1', result)).to.equal('Spec\nBase\n');
    expect(show('log.2', result)).to.equal('Task 1: A\nSpec\nBase\n');
    expect(show('status.2', result)).to.equal('?? diff.2\n?? log.2\n?? status.2\n');
    expect(show('diff.1', result)).to.contain('tasks.md');
    expect(changed(result.commits[1]?.sha ?? '')).to.deep.equal([`${SPEC}/tasks.md`, 'diff.2', 'log.2', 'status.2']);
    expect(git(source, 'log', '--format=%s', result.resultHead)).to.equal('Task 2: B\nTask 1: A\nSpec\nBase\n');
  });

  it('works under a umask that closes everything', async () => {
    const before = process.umask(0o077);
    try {
      const { run } = await prepare({
        agent: 'git log -1 --format=%s > log.txt && cat "$KIRO_WORKER_PROMPT_FILE" > prompt.txt',
      });
      process.umask(0o077);
      const result = await run();
      expect(result.commits).to.have.length(1);
    } finally {
      process.umask(before);
    }
  });

  it('goes on at the first open task', async () => {
    const { run } = await prepare({
      tasks: '- [x] 1. A\n- [ ] 2. B\n',
      agent: 'echo "$KIRO_WORKER_TASK_ID" > done.txt',
    });
    const result = await run();
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['2']);
  });

  it('measures and commits nothing when all tasks are done', async () => {
    const { run, checkout } = await prepare({ tasks: '- [x] 1. A\n', agent: 'echo never > never.txt' });
    const result = await run();
    expect(result).to.deep.include({ commits: [], bundle: null, resultHead: checkout.head });
    expect(result.tests.after.ending).to.equal('passed');
  });

  it('keeps to the waves of the dependency graph', async () => {
    const { run } = await prepare({
      tasks:
        '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n\n```json\n{"waves":[{"id":0,"tasks":["3"]},{"id":1,"tasks":["1"]}]}\n```\n',
      agent: 'echo "$KIRO_WORKER_TASK_ID" >> order.txt',
    });
    expect((await run()).commits.map(({ task }) => task)).to.deep.equal(['3', '1', '2']);
  });

  it('keeps what earlier tasks committed when a later one fails, and says where it stopped', async () => {
    const { run, show } = await prepare({
      base: { 'test.sh': 'test ! -e broken.txt\n' },
      tasks: '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n',
      agent:
        'if [ $KIRO_WORKER_TASK_ID = 2 ]; then echo half > broken.txt; echo no idea; exit 3; fi; echo fine > fine.txt',
    });
    const result = await run();
    expect(result.fault).to.deep.include({ code: 'AgentDied', task: '2' });
    expect(result.fault?.message).to.contain('exited with 3').and.to.contain('no idea');
    expect(result.tasks.map(({ state }) => state)).to.deep.equal(['done', 'failed', 'open']);
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1']);
    expect(show('broken.txt', result)).to.equal(null);
    expect(result.tests.after.ending, 'what the failed task left was taken away').to.equal('passed');
  });

  it('fails with the error and the logs when there is no commit to keep', async () => {
    const { fail, store, logText } = await prepare({ agent: 'echo "the model is away" >&2; exit 1' });
    const error = await fail();
    expect(error).to.deep.include({ code: 'AgentDied' });
    expect(error.message).to.contain('the model is away');
    expect(error.logs).to.deep.include({ name: 'agent-1.log', key: 'builds/execution-1/build/logs/agent-1.log' });
    expect(logText('agent-1.log')).to.contain('the model is away');
    expect(store.keys()).not.to.include('builds/execution-1/build/result.json');
  });

  it('stops at a checkpoint whose tests fail: a red result, not a fault', async () => {
    const { run, show } = await prepare({
      base: { 'test.sh': 'test ! -e bug.txt || { echo "a bug"; exit 1; }\n' },
      tasks: '- [ ] 1. A\n- [ ] 2. Checkpoint - all tests pass\n- [ ] 3. C\n',
      agent: 'if [ $KIRO_WORKER_TASK_ID = 1 ]; then echo x > bug.txt; else echo y > more.txt; fi',
    });
    const result = await run();
    expect(result.fault).to.equal(null);
    expect(result.tasks.map(({ state }) => state)).to.deep.equal(['done', 'failed', 'open']);
    expect(result.tests.before.ending).to.equal('passed');
    expect(result.tests.after).to.deep.include({ ending: 'failed', exitCode: 1, outputTail: 'a bug' });
    expect(show('more.txt', result), 'what the agent did at the red checkpoint').to.equal(null);
  });

  it('lets a checkpoint mend what fails', async () => {
    const { run, changed } = await prepare({
      base: { 'test.sh': 'test -e mended.txt\n' },
      tasks: '- [ ] 1. Checkpoint\n',
      agent: 'echo x > mended.txt',
    });
    const result = await run();
    expect(result.tests.before.ending + result.tests.after.ending).to.equal('failedpassed');
    expect(changed(result.commits[0]?.sha ?? '')).to.deep.equal([`${SPEC}/tasks.md`, 'mended.txt']);
  });

  it('commits neither what install and tests leave behind nor what is generated, only what the agent changed', async () => {
    const { run, changed } = await prepare({
      settings: 'install: {command: "echo lock > lock.txt"}\ntest: {command: "sh test.sh"}\n',
      base: {
        'test.sh':
          'mkdir -p coverage node_modules/a src/coverage; echo x > coverage/c; echo x > node_modules/a/b; echo $$ > run.txt\n',
      },
      agent: 'sh test.sh; echo code > src/coverage/real.js; echo more >> lock.txt',
    });
    const result = await run();
    expect(changed(result.resultHead)).to.deep.equal([
      `${SPEC}/tasks.md`,
      'lock.txt',
      'run.txt',
      'src/coverage/real.js',
    ]);
  });

  it('commits deletions, renames, links, modes and odd names as they are', async () => {
    const { run, changed, source, show } = await prepare({
      feature: { 'old.txt': 'a\n', 'folder/file.txt': 'b\n', 'gone.txt': 'c\n' },
      agent:
        'git mv old.txt "new name.txt"; rm -r folder gone.txt; echo now a file > folder; ' +
        'mkdir gone.txt; echo now a folder > gone.txt/x; printf "#!/bin/sh\\n" > run; chmod 755 run; ln -s run link; ' +
        'printf x > "$(printf "a\\nb\\"c\\tü")"; mkdir -p deep/er; ln -s ../../run deep/er/up',
    });
    const result = await run();
    expect(changed(result.resultHead)).to.have.members([
      `${SPEC}/tasks.md`,
      'old.txt',
      'new name.txt',
      'folder',
      'folder/file.txt',
      'gone.txt',
      'gone.txt/x',
      'run',
      'link',
      'a\nb"c\tü',
      'deep/er/up',
    ]);
    expect(git(source, 'ls-tree', result.resultHead, 'run', 'link', 'folder')).to.match(
      /100644.*folder\n120000.*link\n100755.*run\n/,
    );
    expect(show('new name.txt', result)).to.equal('a\n');
  });

  it('takes the settings of the base branch, whatever the feature branch says', async () => {
    const { run } = await prepare({
      settings:
        'install: {command: ""}\ntest: {command: "echo base"}\ngate: {lines: 95, branches: 10}\ncommit: {name: Bot, email: bot@example.com}\n',
      feature: { 'kiro-worker.yml': 'test: {command: "echo feature"}\n' },
      threshold: 70,
    });
    const result = await run();
    expect(result.tests.after).to.deep.include({ command: 'echo base', outputTail: 'base' });
    const others = {
      functions: 70,
      statements: 70,
      maxDrop: 1,
      changedLines: 80,
      needsChangedLines: false,
      needsTestReport: false,
    };
    expect(result.gate).to.deep.equal({ lines: 95, branches: 70, ...others });
    expect(git(ground?.source ?? '', 'log', '-1', '--format=%an <%ae> %cn', result.resultHead).trim()).to.equal(
      'Bot <bot@example.com> Bot',
    );
  });

  it('installs what the commits want installed before it measures them', async () => {
    const scene = {
      settings: 'install: {command: "sh install.sh"}\ntest: {command: "sh test.sh"}\n',
      tasks: '- [ ] 1. A\n',
    };
    const good = await prepare({
      ...scene,
      base: {
        'install.sh': 'test ! -e package.json || touch installed\n',
        'test.sh': 'test ! -e package.json || test -e installed\n',
      },
      agent: 'echo "{}" > package.json',
    });
    expect((await good.run()).tests.after.ending).to.equal('passed');
    good.remove();

    const bad = await prepare({
      ...scene,
      base: { 'install.sh': 'test ! -e package.json || { echo "no such package"; exit 1; }\n' },
      agent: 'echo "{}" > package.json',
    });
    const result = await bad.run();
    expect(result.fault).to.deep.include({ code: 'InstallFailed', task: null });
    expect(result.fault?.message).to.contain('no such package');
    expect(result.tests.after.ending).to.equal('not-run');
    expect(result.coverage.after.kind).to.equal('absent');
  });
});
