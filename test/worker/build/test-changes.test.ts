import { expect } from 'chai';
import { type BuildGround, prepareBuild, type Scene, testUser } from '../../support/build-ground';

describe(`what a build says about changes of its own proof, ${testUser ? `as "${testUser}"` : 'without a user of its own'}`, () => {
  let ground: BuildGround | null = null;
  const testChangesOf = async (scene: Scene): Promise<readonly string[]> => {
    ground = await prepareBuild(scene);
    const { testChanges } = await ground.run();
    return testChanges.map(({ kind, path, parts }) => [kind, path, ...parts].join(' ')).sort();
  };
  afterEach(() => ground?.remove());

  it('names the script, the settings and the tests that an agent has changed and deleted, not those that it has added', async () => {
    const changes = await testChangesOf({
      base: {
        'package.json': '{"scripts":{"test":"sh test.sh"}}',
        '.nycrc': '{}',
        'test/a.js': '1\n',
        'test/b.js': '1\n',
        'src/a.js': '1\n',
      },
      agent: [
        `echo '{"scripts":{"test":"true"}}' > package.json; echo '{"exclude":["**"]}' > .nycrc`,
        'rm test/a.js; echo 2 > test/b.js; echo 3 > test/c.js; echo 4 > src/a.js',
      ].join('\n'),
    });
    expect(changes).to.deep.equal([
      'changed test/b.js',
      'deleted test/a.js',
      'setting .nycrc',
      'setting package.json scripts.test',
    ]);
  });

  it('names files that the test command runs, wherever they lie', async () => {
    const changes = await testChangesOf({
      base: { 'bin/prove': 'exit 0\n', 'bin/more': '', Makefile: 'test:\n\tsh ./bin/more\n' },
      settings: 'install: {command: ""}\ntest: {command: "sh ./bin/prove"}\n',
      agent: 'echo true > bin/prove; echo true > bin/more; echo x > bin/other',
    });
    expect(changes).to.deep.equal(['setting bin/more', 'setting bin/prove']);
  });

  it('names files that leave their lines out of coverage, or tests out of the run', async () => {
    const changes = await testChangesOf({
      base: { 'src/old.js': '/* c8 ignore next */\n' },
      agent: [
        'mkdir -p src; echo "/* c8 ignore start */" > src/a.js; echo plain >> src/old.js',
        `echo "it.skip('x')" > src/a.test.js; echo '/* istanbul ignore file */' > '0 "é".js'`,
      ].join('\n'),
    });
    expect(changes).to.deep.equal(['skipped src/a.test.js', 'unmeasured 0 "é".js', 'unmeasured src/a.js']);
  });

  it('reads also what git would take for binary, and names what reaches into the reports of the run or ends it', async () => {
    const changes = await testChangesOf({
      base: { '.gitattributes': '*.ts -diff\n' },
      agent: [
        'mkdir -p test lib; printf "// \\000\\n/* istanbul ignore file */\\n" > lib/nul.js',
        'echo "/* c8 ignore start */" > lib/a.ts; echo "global.__coverage__ = {};" > lib/b.js',
        'echo "process.exit(0)" > test/c.js; echo "process.exit(0)" > lib/cli.js; echo "see lcov.info" > README.md',
      ].join('\n'),
    });
    expect(changes).to.deep.equal([
      'reports lib/b.js',
      'reports test/c.js',
      'unmeasured lib/a.ts',
      'unmeasured lib/nul.js',
    ]);
  });

  it('counts what an earlier run or a person has changed on the branch, but not what the base branch has got since', async () => {
    const changes = await testChangesOf({
      base: { 'jest.config.js': 'x\n' },
      feature: { 'jest.config.js': 'y\n', 'package.json': '{ broken' },
      settings: 'install: {command: ""}\ntest: {command: "exit 0"}\n',
      agent: 'echo 1 > a.txt',
    });
    expect(changes).to.deep.equal(['setting jest.config.js', 'setting package.json unreadable']);
  });

  it('says nothing when the proof is left alone', async () => {
    expect(await testChangesOf({ agent: 'mkdir -p src && echo 1 > src/latest.js' })).to.deep.equal([]);
  });
});
