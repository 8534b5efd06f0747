import { expect } from 'chai';
import type { BuildResult } from '../../../domain/build-result';
import { type BuildGround, git, inWhoseName, prepareBuild, type Scene } from '../../support/build-ground';

const SETTINGS =
  'install: {command: "sh install.sh"}\ntest: {command: "sh test.sh"}\ncoverage: {reports: [lcov.info]}\n';
/** Covers the first of ten lines of the program as often as `tested` says. */
const TEST = `awk 'BEGIN{print "SF:shop.js"} {for (i = 1; i <= 10; i++) print "DA:" i "," (i <= $1)} END{print "end_of_record"}' tested > lcov.info\n`;
const base = {
  'install.sh': 'echo installed; touch installed\n',
  'test.sh': `[ -e installed ] || exit 9\n${TEST}`,
  'shop.js': '1\n'.repeat(10),
  tested: '10\n',
  '.gitignore': 'lcov.info\ninstalled\n',
};

describe(`measureBefore ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild({ settings: SETTINGS, agent: 'echo x > work.txt', ...scene });
    return ground;
  };
  const lcovBefore = (): string => ground?.text('build/coverage/before/lcov.info') ?? '';
  const hits = (lcov: string): number => lcov.match(/,1$/gm)?.length ?? 0;
  const log = (): string => ground?.lines.join('\n') ?? '';
  const commitOf = ({ coverage: { before } }: BuildResult): string =>
    before.kind === 'found' ? before.commit : before.kind;
  afterEach(() => ground?.remove());

  it('measures the base, not the branch, where the branch has changes of its own', async () => {
    const { run, checkout } = await prepare({ base, feature: { tested: '4\n' } });
    const result = await run();
    expect(commitOf(result)).to.equal(checkout.base);
    expect(hits(lcovBefore())).to.equal(10);
    expect(hits(ground?.text('build/coverage/after/lcov.info') ?? '')).to.equal(4);
    expect(result.tests).to.nested.include({ 'before.ending': 'passed', 'after.ending': 'passed' });
    expect(ground?.logText('install-base.log')).to.contain('installed');
    expect(ground?.logText('install.log')).to.contain('installed');
    expect(log()).to.contain(`before is ${checkout.base}, where it left the base`);
  });

  it('leaves nothing of the base where the agent works', async () => {
    const { run, show } = await prepare({
      base: { ...base, 'gone.js': '1\n', 'test.sh': `${base['test.sh']}echo left > left.txt\n` },
      feature: { 'gone.js': null, 'install.sh': 'ls > ../../outside/seen; touch installed\n' },
      agent: '[ -e installed ] && ls > seen.txt',
    });
    const result = await run();
    expect(show('seen.txt', result)?.split('\n')).to.not.include.members(['gone.js']);
    expect(show('seen.txt', result)).to.not.contain('left.txt');
    expect(show('left.txt', result)).to.equal(null);
  });

  it('measures a branch with nothing but its spec where it stands, and installs once', async () => {
    const { run, checkout } = await prepare({ base, feature: { '.kiro/steering/rules.md': 'Rules\n' } });
    expect(commitOf(await run())).to.equal(checkout.head);
    expect(ground?.store.keys().join('\n')).to.not.contain('install-base.log');
  });

  it('measures where the branch left the base, which has moved on since', async () => {
    const { run, checkout, source } = await prepare({
      base,
      feature: { tested: '4\n' },
      later: { 'later.js': '1\n', tested: '6\n' },
    });
    expect(commitOf(await run())).to.equal(git(source, 'merge-base', 'main', 'feature/shop').trim());
    expect(checkout.base).to.equal(git(source, 'rev-parse', 'main').trim());
    expect(hits(lcovBefore())).to.equal(10);
  });

  it('measures the base again for a branch on which all was done in an earlier run', async () => {
    const { run, checkout } = await prepare({
      base,
      feature: { tested: '8\n' },
      tasks: '# Implementation Plan\n\n- [x] 1. Do it\n',
      settings: `${SETTINGS}repair: {turns: 0}\n`,
    });
    const result = await run();
    expect(result.commits).to.deep.equal([]);
    expect(commitOf(result)).to.equal(checkout.base);
    expect(result.coverage.after).to.deep.include({ commit: checkout.head });
    expect(hits(lcovBefore())).to.equal(10);
  });

  it('goes on without a figure where the base cannot be installed or tested', async () => {
    const { run } = await prepare({
      base: { ...base, 'install.sh': 'exit 7\n' },
      feature: { 'install.sh': base['install.sh'] },
    });
    const result = await run();
    expect(result.tests.before.ending).to.equal('not-run');
    expect(result.coverage.before.kind).to.equal('absent');
    expect(result.tests.after.ending).to.equal('passed');
    expect(log()).to.contain('the base cannot be measured: ');
  });

  it('stops the item where the branch itself cannot be installed', async () => {
    const { fail } = await prepare({ base, feature: { 'install.sh': 'exit 7\n' } });
    expect(await fail()).to.deep.include({ code: 'InstallFailed' });
  });
});
