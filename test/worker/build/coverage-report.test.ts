import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Git } from '../../../adapters/git/git';
import { clearReports } from '../../../worker/build/coverage-report';
import type { WorkFolder } from '../../../worker/build/work-folder';
import { type BuildGround, inWhoseName, prepareBuild, type Scene } from '../../support/build-ground';
import { temporaryFolder } from '../../support/temporary-folder';

const settings = (...reports: readonly string[]): string =>
  `install: {command: ""}\ntest: {command: "sh test.sh"}\ncoverage: {reports: ${JSON.stringify(reports)}}\n`;

/** The body runs in the last tests only. */
const inTheEnd = (body: string): string => `[ -e work.txt ] || exit 0\n${body}\n`;

describe(`the coverage report ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const evidence = async (scene: Scene) => {
    ground = await prepareBuild({ agent: 'echo x > work.txt', ...scene });
    const result = await ground.run();
    return result.coverage;
  };
  afterEach(() => ground?.remove());

  it('is stored as it was found, empty or not', async () => {
    for (const content of ['', 'SF:', 'SF:a.js\nDA:1,1\nend_of_record\n']) {
      const { after: found } = await evidence({
        settings: settings('out/lcov.info'),
        base: { 'test.sh': inTheEnd(`mkdir -p out; printf '${content.replaceAll('\n', '\\n')}' > out/lcov.info`) },
      });
      if (found.kind !== 'found') throw new Error(found.kind);
      expect(found.report).to.deep.include({
        key: 'builds/execution-1/build/coverage/after/lcov.info',
        sha256: createHash('sha256').update(content).digest('hex'),
        bytes: content.length,
      });
      expect(ground?.text('build/coverage/after/lcov.info')).to.equal(content);
      ground?.remove();
    }
  });

  it('of more than anybody reads is not copied, and named with its size', async () => {
    const { after } = await evidence({
      settings: settings('lcov.info'),
      base: { 'test.sh': inTheEnd('printf "SF:a.js\\n" > lcov.info; truncate -s 100G lcov.info') },
    });
    expect(after).to.deep.equal({ kind: 'too-large', path: 'lcov.info', bytes: 100 * 1024 ** 3 });
    expect(ground?.store.keys().filter((key) => key.includes('coverage'))).to.deep.equal([]);
  });

  it('is not one of five hundred when the pattern means more', async () => {
    const { after } = await evidence({
      settings: settings('out/*.info', 'other.info'),
      base: { 'test.sh': inTheEnd('mkdir out; for i in $(seq 501); do : > out/$i.info; done; echo x > other.info') },
    });
    expect(after).to.deep.equal({ kind: 'too-many', path: 'out/*.info', what: 'more than 500 files' });
  });

  it('is the first of the list that this test run wrote', async () => {
    const { before, after: found } = await evidence({
      settings: settings('a.info', 'b.info', 'c.info'),
      base: { 'test.sh': inTheEnd('echo c > c.info; echo b > b.info') },
    });
    expect(before).to.deep.equal({ kind: 'absent', looked: ['a.info', 'b.info', 'c.info'] });
    expect(found).to.deep.include({ kind: 'found', path: 'b.info' });
  });

  it('of an earlier run is taken away before, so that it counts for nothing', async () => {
    const { before, after: found } = await evidence({
      settings: settings('lcov.info'),
      base: { 'test.sh': '[ -e work.txt ] || echo old > lcov.info\n', '.gitignore': 'lcov.info\n' },
    });
    expect(before.kind).to.equal('found');
    expect(found).to.deep.equal({ kind: 'absent', looked: ['lcov.info'] });
  });

  it('that the agent forged counts for nothing', async () => {
    const { after: found } = await evidence({
      settings: settings('lcov.info'),
      base: { '.gitignore': 'lcov.info\n' },
      agent: 'echo forged > lcov.info; touch -d "2100-01-01" lcov.info; echo x > work.txt',
    });
    expect(found.kind).to.equal('absent');
  });

  it('that is committed is stale when the tests do not write it, and is not deleted by us', async () => {
    const { after: found } = await evidence({
      settings: settings('lcov.info'),
      feature: { 'lcov.info': 'committed\n' },
    });
    expect(found).to.deep.equal({ kind: 'stale', path: 'lcov.info' });
    expect(ground?.lines.join('\n')).to.contain('task 1: 1 file changed');
    ground?.remove();
    const written = await evidence({
      settings: settings('lcov.info'),
      base: { 'lcov.info': 'committed\n', 'test.sh': inTheEnd('echo new > lcov.info') },
    });
    expect(written.before.kind).to.equal('stale');
    expect(written.after).to.deep.include({ kind: 'found', path: 'lcov.info' });
  });

  it('is never read from outside of the work tree', async () => {
    const { after: found } = await evidence({
      settings: settings('a', 'b/passwd', 'c', 'd', 'e', 'f/g', 'inside/link'),
      base: {
        'test.sh': inTheEnd(
          'ln -s /etc/passwd a; ln -s /etc b; mkfifo c; mkdir d; ln -s e e; echo x > f; mkdir inside; echo real > inside/real; ln -s real inside/link',
        ),
      },
    });
    expect(found).to.deep.include({ kind: 'found', path: 'inside/link' });
    expect(ground?.text('build/coverage/after/link')).to.equal('real\n');
  });
});

describe('clearReports', () => {
  const folder = temporaryFolder();

  it('asks git about no more files at once than a command line holds', async () => {
    const tree = join(folder(), 'tree');
    const out = join(tree, 'out');
    mkdirSync(out, { recursive: true });
    for (let index = 0; index < 1_234; index += 1) writeFileSync(join(out, `${index}.xml`), '');
    const asked: number[] = [];
    const git = {
      run: async (args: readonly string[]) => {
        asked.push(args.length - args.indexOf('--') - 1);
        return args.includes('out/1233.xml') || args.includes('out/7.xml') ? 'out/1233.xml\0out/7.xml\0' : '';
      },
    } as unknown as Git;
    const work = { tree, private: folder() } as WorkFolder;
    await clearReports({ folder: work, patterns: ['out/*.xml'] }, { git });
    expect(asked).to.deep.equal([500, 500, 234]);
    expect(readdirSync(out).sort(), 'what is committed stays').to.deep.equal(['1233.xml', '7.xml']);
  });
});
