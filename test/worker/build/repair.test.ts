import { expect } from 'chai';
import type { BuildResult } from '../../../domain/build-result';
import { type BuildGround, git, inWhoseName, prepareBuild, type Scene, SPEC } from '../../support/build-ground';

const settings = (turns: number): string =>
  `install: {command: ""}\ntest: {command: "sh test.sh"}\ncoverage: {reports: [lcov.info]}\nrepair: {turns: ${turns}}\n`;

/** "Covers" each line of src/*.js that a line of tests.txt names; fails when there is a file broken.txt. */
const TEST = `
: > lcov.info
for file in src/*.js; do
  [ -e "$file" ] || continue
  echo "SF:$PWD/$file" >> lcov.info
  n=0
  while read -r line; do
    n=$((n + 1))
    if grep -qx "$line" tests.txt 2>/dev/null; then echo "DA:$n,1" >> lcov.info; else echo "DA:$n,0" >> lcov.info; fi
  done < "$file"
  echo end_of_record >> lcov.info
done
[ ! -e broken.txt ] || { echo "it is broken"; echo '<testsuite><testcase name="is whole"><failure message="it is not"/></testcase></testsuite>' > junit.xml; exit 1; }
`;
const WORK = 'mkdir -p src; printf "a\\nb\\nc\\n" > src/x.js; printf "a\\n" > tests.txt';

describe(`repair turns, ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const run = async (agent: string, scene: Scene = {}): Promise<BuildResult> => {
    ground = await prepareBuild({
      base: { 'test.sh': TEST, '.gitignore': 'lcov.info\njunit.xml\n' },
      settings: settings(1),
      agent,
      ...scene,
    });
    return ground.run();
  };
  const onRepair = (script: string, work = WORK) =>
    `case $KIRO_WORKER_TASK_ID in repair-*) ${script};; *) ${work};; esac`;
  afterEach(() => ground?.remove());

  it('show the agent the uncovered lines, commit what it does, and measure it in another fresh clone', async () => {
    const result = await run(
      onRepair('cat > prompt.txt; printf "a\\nb\\nc\\n" > tests.txt; echo "SF:forged" > lcov.info'),
    );
    expect(result.repairs).to.have.length(1);
    expect(result.repairs[0]).to.deep.include({ turn: 1, ending: 'committed', commit: result.resultHead, why: '' });
    expect(result.repairs[0]?.asked.join('\n')).to.contain('33.33 % of the changed lines are covered (1 of 3)');
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1', 'repair-1']);
    expect(git(ground?.source ?? '', 'log', '-1', '--format=%B', result.resultHead).trim()).to.equal(
      'Repair 1: what the gate refuses\n\nKiro-Repair: 1',
    );
    expect(ground?.changed(result.resultHead)).to.deep.equal(['prompt.txt', 'tests.txt']);
    expect(ground?.show(`${SPEC}/tasks.md`, result)).to.contain('- [x] 1.');
    expect(result.coverage.after).to.deep.include({ kind: 'found', commit: result.resultHead });
    expect(ground?.text('build/coverage/after/lcov.info'))
      .to.match(/DA:1,1\nDA:2,1\nDA:3,1\n/)
      .and.not.contain('forged');
    const prompt = ground?.show('prompt.txt', result) ?? '';
    expect(prompt).to.contain('- `src/x.js`: line 2-3');
    expect(prompt).to.contain('sh test.sh');
  });

  it('show the agent the failed tests and what they said', async () => {
    const result = await run(
      onRepair('cat > prompt.txt; rm broken.txt', `${WORK}; cp src/x.js tests.txt; touch broken.txt`),
    );
    expect(result.tests.after.ending).to.equal('passed');
    expect(result.repairs.map(({ ending }) => ending)).to.deep.equal(['committed']);
    const prompt = ground?.show('prompt.txt', result) ?? '';
    expect(prompt).to.contain('- is whole: it is not').and.to.contain('it is broken');
  });

  it('end when there is nothing to mend, and are as many as the settings say', async () => {
    const halves = onRepair(
      'case $KIRO_WORKER_TASK_ID in repair-1) echo b >> tests.txt;; *) echo c >> tests.txt;; esac',
    );
    const twice = await run(halves, { settings: settings(5) });
    expect(twice.repairs.map(({ turn, ending }) => [turn, ending])).to.deep.equal([
      [1, 'committed'],
      [2, 'committed'],
    ]);
    ground?.remove();
    const once = await run(halves);
    expect(once.repairs).to.have.length(1);
    ground?.remove();
    expect((await run(halves, { settings: settings(0) })).repairs).to.deep.equal([]);
  });

  it('are undone when they break what was whole, and the first result counts', async () => {
    const result = await run(onRepair('touch broken.txt'));
    expect(result.repairs[0]).to.deep.include({
      ending: 'undone',
      commit: null,
      why: 'then the tests did not pass any more',
    });
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1']);
    expect(result.tests.after.ending).to.equal('passed');
    expect(result.coverage.after).to.deep.include({ commit: result.resultHead });
    expect(git(ground?.source ?? '', 'rev-parse', 'refs/heads/result').trim()).to.equal(result.resultHead);
    expect(ground?.show('broken.txt', result)).to.equal(null);
  });

  it('are undone when less is covered afterwards and nothing was mended', async () => {
    const result = await run(onRepair('printf "a\\nx\\ny\\nz\\n" > src/x.js'));
    expect(result.repairs[0]).to.deep.include({
      ending: 'undone',
      why: 'then 25 % of the changed lines were covered instead of 33.33 %',
    });
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1']);
  });

  it('are undone when more tests fail than before', async () => {
    const test = `${TEST.replace(/\[ ! -e broken[^\n]*/, '')}\nn=$(cat broken.txt 2> /dev/null || echo 0)\n{ echo '<testsuite>'; for i in $(seq $n); do echo "<testcase name='t$i'><failure/></testcase>"; done; echo '</testsuite>'; } > junit.xml\n[ $n = 0 ]\n`;
    const result = await run(onRepair('echo 3 > broken.txt', `${WORK}; cp src/x.js tests.txt; echo 2 > broken.txt`), {
      base: { 'test.sh': test, '.gitignore': 'lcov.info\njunit.xml\n' },
    });
    expect(result.repairs[0]).to.deep.include({ ending: 'undone', why: 'then 3 tests failed instead of 2' });
    ground?.remove();
    const better = await run(onRepair('echo 1 > broken.txt', `${WORK}; cp src/x.js tests.txt; echo 2 > broken.txt`), {
      base: { 'test.sh': test, '.gitignore': 'lcov.info\njunit.xml\n' },
    });
    expect(better.repairs[0]).to.deep.include({ ending: 'committed' });
  });

  it('that change nothing or fail leave the result as it is', async () => {
    const nothing = await run(onRepair('true'), { settings: settings(3) });
    expect(nothing.repairs.map(({ ending, why }) => [ending, why])).to.deep.equal([['nothing-changed', '']]);
    ground?.remove();
    const inVain = await run(onRepair('mkdir -p .github; echo x > .github/ci.yml'));
    expect(inVain.repairs[0]).to.deep.include({ ending: 'nothing-changed' });
    expect(inVain.repairs[0]?.why).to.match(/^all that it changed had to be dropped: \.github\/ci\.yml \(/);
    ground?.remove();
    const failed = await run(onRepair('echo no idea; exit 7'));
    expect(failed.repairs[0]).to.deep.include({ ending: 'failed', commit: null });
    expect(failed.repairs[0]?.why).to.match(/exit/);
    expect(failed.fault).to.equal(null);
    expect(failed.commits).to.have.length(1);
    ground?.remove();
    const full = await run(onRepair('echo "x: No space left on device"; exit 1'));
    expect(full.repairs[0]).to.deep.include({ ending: 'failed', commit: null });
    expect(full.repairs[0]?.why).to.contain('disk is full');
    expect(full.commits).to.have.length(1);
  });

  it('never commit protected files or ticks, and say which were dropped', async () => {
    const result = await run(
      onRepair(
        `cp src/x.js tests.txt; mkdir -p .github; echo x > .github/ci.yml; echo "- [x] 9. Done" >> ${SPEC}/tasks.md`,
      ),
    );
    expect(ground?.changed(result.resultHead)).to.deep.equal(['tests.txt']);
    expect(result.protectedPathsChanged).to.deep.equal(['.github/ci.yml']);
  });

  it('are not for work that was not finished', async () => {
    const result = await run(`[ $KIRO_WORKER_TASK_ID = 1 ] || exit 1; ${WORK}`, { tasks: '- [ ] 1. A\n- [ ] 2. B\n' });
    expect(result.fault?.code).to.equal('AgentDied');
    expect(result.repairs).to.deep.equal([]);
  });

  it('go on with work that an earlier run has finished and the gate has refused', async () => {
    const result = await run('printf "a\\nb\\n" > tests.txt', {
      tasks: '- [x] 1. Done before\n',
      feature: { 'src/x.js': 'a\nb\n', 'tests.txt': 'a\n' },
    });
    expect(result.repairs.map(({ ending }) => ending)).to.deep.equal(['committed']);
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['repair-1']);
  });

  it('are not paid for when something else keeps the result red that no agent can mend', async () => {
    const touched = await run(onRepair('touch asked.txt', `${WORK}; mkdir -p .github; echo x > .github/ci.yml`));
    expect(touched.protectedPathsChanged).to.deep.equal(['.github/ci.yml']);
    expect(touched.repairs).to.deep.equal([]);
    expect(ground?.lines.join('\n')).to.contain('repair 1: not begun: a protected file was changed (.github/ci.yml)');
    ground?.remove();
    const needsReport = `${settings(1).replace('test: {', 'test: {reports: ["missing/*.xml"], ')}`;
    const absent = await run(onRepair('touch asked.txt'), { settings: needsReport });
    expect(absent.repairs).to.deep.equal([]);
    expect(ground?.lines.join('\n')).to.contain('repair 1: not begun: No test report was written');
  });

  it('are tried when the reports that are missing may only be missing because the tests fail', async () => {
    const result = await run(onRepair('rm stops.txt; cp src/x.js tests.txt', `${WORK}; touch stops.txt`), {
      base: { 'test.sh': `[ ! -e stops.txt ] || exit 1\n${TEST}`, '.gitignore': 'lcov.info\njunit.xml\n' },
    });
    expect(result.repairs.map(({ ending }) => ending)).to.deep.equal(['committed']);
    expect(result.coverage.after.kind).to.equal('found');
  });

  it('are undone when their result cannot be measured, and the first result counts', async () => {
    const result = await run(onRepair('echo x > more.txt; printf "a\\nb\\nc\\n" > tests.txt'), {
      // The first measurement stores its report; that of the repair meets a store that is gone.
      onLog: (line) => {
        if (line.startsWith('repair 1: begun'))
          ground?.store.fail.add('builds/execution-1/build/coverage/after/lcov.info');
      },
    });
    expect(result.fault).to.equal(null);
    expect(result.repairs).to.have.length(1);
    expect(result.repairs[0]).to.deep.include({ ending: 'undone', commit: null });
    expect(result.repairs[0]?.why).to.contain('could not be measured').and.to.contain('cannot write');
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1']);
    expect(result.coverage.after).to.deep.include({ kind: 'found', commit: result.resultHead });
    expect(git(ground?.source ?? '', 'rev-parse', 'refs/heads/result').trim()).to.equal(result.resultHead);
    expect(ground?.show('more.txt', result)).to.equal(null);
  });

  it('leave what was committed as it is when not even that could be measured: a fault, and a result', async () => {
    const result = await run(WORK, {
      onLog: (line) => {
        if (line.startsWith('task 1: begun'))
          ground?.store.fail.add('builds/execution-1/build/coverage/after/lcov.info');
      },
    });
    expect(result.fault).to.deep.include({ code: 'UnexpectedFault', task: null });
    expect(result.commits.map(({ task }) => task)).to.deep.equal(['1']);
    expect(result.tests.after.ending).to.equal('not-run');
    expect(result.repairs).to.deep.equal([]);
  });
});
