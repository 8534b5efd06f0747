import { expect } from 'chai';
import type { BuildResult } from '../../../domain/build-result';
import { readChangedLinesFile } from '../../../domain/changed-lines-file';
import { type BuildGround, inWhoseName, prepareBuild, type Scene } from '../../support/build-ground';
import { textSource } from '../../support/report-sources';

const settings = (more: string): string =>
  `install: {command: ""}\ntest: {command: "sh test.sh"}\nrepair: {turns: 0}\n${more}\n`;
const lcov = (file: string) => `printf 'SF:${file}\\nDA:1,1\\nend_of_record\\n'`;

describe(`the reports of a test run, ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const run = async (scene: Scene): Promise<BuildResult> => {
    ground = await prepareBuild({ agent: 'echo x > work.txt', ...scene });
    return ground.run();
  };
  const found = async (scene: Scene) => {
    const { after } = (await run(scene)).coverage;
    if (after.kind !== 'found') throw new Error(JSON.stringify(after));
    return { ...after, paths: [after.path, ...after.parts.map(({ path }) => path)] };
  };
  afterEach(() => ground?.remove());

  it('are merged when a pattern names several, and nothing is taken from node_modules or outside', async () => {
    const body = [
      'for p in a b; do mkdir -p packages/$p/coverage',
      `${lcov('src/i.js')} > packages/$p/coverage/lcov.info; done`,
      'mkdir -p packages/node_modules/x/coverage; echo x > packages/node_modules/x/coverage/lcov.info',
      'mkdir -p packages/evil; ln -s /etc packages/evil/coverage; ln -s /etc/passwd packages/a/coverage/z.info',
    ].join('; ');
    const { paths, root } = await found({
      settings: settings('coverage: {reports: ["packages/**/*.info"]}'),
      base: { 'test.sh': body, '.gitignore': 'packages\n' },
    });
    expect(paths).to.deep.equal(['packages/a/coverage/lcov.info', 'packages/b/coverage/lcov.info']);
    expect(root).to.match(/\/tree$/);
    expect(ground?.text('build/coverage/after/1-lcov.info')).to.contain('SF:src/i.js');
  });

  it('that count together must all be there; else the next entry counts', async () => {
    const scene = (body: string) => ({
      settings: settings('coverage: {reports: [[unit.info, e2e.info], all.info]}'),
      base: { 'test.sh': body, '.gitignore': '*.info\n' },
    });
    const both = `${lcov('a')} > unit.info; ${lcov('b')} > e2e.info; ${lcov('c')} > all.info`;
    expect((await found(scene(both))).paths).to.deep.equal(['unit.info', 'e2e.info']);
    ground?.remove();
    expect((await found(scene(both.replace('e2e', 'x')))).paths).to.deep.equal(['all.info']);
  });

  it('with lines are kept beside one that has only sums', async () => {
    const body = `printf '{"total": {}}' > sum.json; ${lcov('a')} > lcov.info; ${lcov('b')} > more.info`;
    const { path, alternatives } = await found({
      settings: settings('coverage: {reports: [sum.json, lcov.info, more.info]}'),
      base: { 'test.sh': body, '.gitignore': '*.info\n*.json\n' },
    });
    expect(path).to.equal('sum.json');
    expect(alternatives.map((group) => group.map((report) => report.path))).to.deep.equal([['lcov.info']]);
  });

  it('come with the lines that the branch changes', async () => {
    const result = await run({ settings: settings(''), agent: 'mkdir src; printf "1\\n2\\n" > src/new.js' });
    const text = ground?.text('build/changed-lines.ndjson') ?? '';
    const changes = await readChangedLinesFile(textSource(text).chunks(), 'changed-lines.ndjson');
    expect(result.changes).to.deep.include({
      key: 'builds/execution-1/build/changed-lines.ndjson',
      bytes: text.length,
    });
    expect(changes).to.deep.include({ from: result.base, to: result.resultHead });
    expect(changes.files.find(({ path }) => path === 'src/new.js')?.ranges).to.deep.equal([[1, 2]]);
    expect(changes.repositoryFiles).to.include.members(['README.md', 'src/new.js']);
  });

  it('of JUnit are read where they usually lie, and one of an earlier run is not', async () => {
    const junit = (name: string) => `<testsuite><testcase name="${name}"/></testsuite>`;
    const { tests } = await run({
      settings: settings(''),
      base: {
        'test.sh': `[ -e work.txt ] || { echo '${junit('old')}' > junit.xml; exit 0; }\nmkdir -p target/surefire-reports; for t in A B; do echo '${junit('new')}' > target/surefire-reports/TEST-$t.xml; done\n`,
        '.gitignore': 'target\njunit.xml\n',
      },
    });
    expect(tests.before.report?.cases.map(({ name }) => name)).to.deep.equal(['old']);
    expect(tests.after.report).to.deep.include({ total: 2, passed: 2, problem: null });
    expect(tests.after.report?.files).to.deep.equal([
      'target/surefire-reports/TEST-A.xml',
      'target/surefire-reports/TEST-B.xml',
    ]);
  });

  it('of JUnit that are too large to be read are a problem, not absent', async () => {
    const { tests } = await run({
      settings: settings(''),
      base: {
        'test.sh': `echo '<testsuite><testcase name="a"/></testsuite>' > junit.xml; mkdir -p reports; truncate -s 3G reports/junit.xml\n`,
        '.gitignore': 'reports\njunit.xml\n',
      },
    });
    expect(tests.after.report).to.deep.include({
      total: 1,
      problem: 'reports/junit.xml cannot be used: it has 3221225472 bytes, which is more than is read',
    });
  });

  it('of JUnit are all read, however many classes there are', async () => {
    const one = '<testsuite><testcase name="a"/></testsuite>';
    const { tests } = await run({
      settings: settings(''),
      base: {
        'test.sh': `[ -e work.txt ] || exit 0; mkdir -p target/surefire-reports; for i in $(seq 1200); do echo '${one}' > target/surefire-reports/TEST-$i.xml; done\n`,
        '.gitignore': 'target\n',
      },
    });
    expect(tests.after.report).to.deep.include({ total: 1200, passed: 1200, problem: null });
  });

  it('of tests that fail once and then pass stay on record', async () => {
    const junit = '<testsuite><testcase name="waits"><failure message="too late"/></testcase></testsuite>';
    const { tests } = await run({
      settings: settings('test: {command: "sh test.sh", reports: [out/*.xml]}').replace(
        'test: {command: "sh test.sh"}\n',
        '',
      ),
      base: {
        'test.sh': `[ -e work.txt ] || exit 0\nmkdir -p out\n[ -e once ] && echo '<testsuite><testcase name="waits"/></testsuite>' > out/b.xml && exit 0\ntouch once; echo '${junit}' > out/a.xml; echo "Timeout!"; exit 3\n`,
        '.gitignore': 'once\nout\n',
      },
    });
    expect(tests.after).to.deep.include({ ending: 'passed', exitCode: 0 });
    expect(tests.after.report).to.deep.include({ total: 1, passed: 1 });
    expect(tests.after.flaky).to.deep.include({ exitCode: 3, tests: ['waits'], outputTail: 'Timeout!' });
    expect(ground?.logText('tests-after-again.log')).not.to.contain('Timeout!');
    expect(ground?.lines.join('\n')).to.contain('tests after: failed; they are run once more');
  });

  it('of tests that fail twice are those of the second run; tests before the work are not run again', async () => {
    const counted = await run({
      settings: settings(''),
      base: { 'test.sh': 'echo x >> runs; wc -l < runs; exit 1\n', '.gitignore': 'runs\n' },
    });
    expect(counted.tests.before).to.deep.include({ ending: 'failed', outputTail: '1' });
    expect(counted.tests.after).to.deep.include({ ending: 'failed', outputTail: '2', flaky: null });
    ground?.remove();
    const once = await run({
      settings: settings('test: {command: "sh test.sh", retry: false}').replace('test: {command: "sh test.sh"}\n', ''),
      base: { 'test.sh': 'echo x >> runs; wc -l < runs; exit 1\n', '.gitignore': 'runs\n' },
    });
    expect(once.tests.after.outputTail).to.equal('1');
  });
});
