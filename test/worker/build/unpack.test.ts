import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CheckoutResult } from '../../../domain/build-result';
import { type BuildGround, git, prepareBuild, SPEC } from '../../support/build-ground';

const KEY = 'builds/execution-1/checkout/checkout.json';

describe('a build that is given', () => {
  let ground: BuildGround;
  beforeEach(async () => {
    ground = await prepareBuild();
  });
  afterEach(() => ground.remove());

  const failWith = async (changes: Partial<CheckoutResult> | string): Promise<string> => {
    await ground.store.writeText(
      KEY,
      typeof changes === 'string' ? changes : JSON.stringify({ ...ground.checkout, ...changes }),
    );
    const error = await ground.fail();
    expect(ground.store.keys().filter((key) => key.includes('/build/'))).to.deep.equal([]);
    return `${error.name}: ${error.message}`;
  };

  it('bytes that are not those of the checkout stops with ArtifactMismatch', async () => {
    const { bundle } = ground.checkout;
    expect(await failWith({ bundle: { ...bundle, sha256: '0'.repeat(64) } })).to.match(/^ArtifactMismatch: .*SHA-256/);
  });

  it('exactly the version that was pinned uses that, whatever was stored later', async () => {
    const other = join(ground.folder, 'other');
    writeFileSync(other, 'not a bundle');
    await ground.store.upload(ground.checkout.bundle.key, other);
    expect((await ground.run()).commits).to.have.length(1);
  });

  it('a bundle whose branches are others stops with ArtifactMismatch', async () => {
    expect(await failWith({ base: ground.checkout.head })).to.match(/^ArtifactMismatch: .*branches point elsewhere/);
  });

  it('no checkout, or one that is not for it, says so', async () => {
    expect(await failWith('{')).to.match(/^ResultInvalid: .*checkout.json cannot be used: it is not JSON/);
    expect(await failWith('{"version":2}')).to.match(/^ResultInvalid: .*version/);
    expect(await failWith({ branch: 'feature/other' })).to.match(/^ResultInvalid: .*"feature\/other"/);
    Object.assign(ground.env, { artifactsPrefix: 'builds/execution-2' });
    expect((await ground.fail()).message).to.contain('builds/execution-2/checkout/checkout.json');
  });

  it('a spec that cannot be used stops before anything is installed', async () => {
    const attempt = async (files: Record<string, string | { link: string } | null>): Promise<string> => {
      ground.remove();
      ground = await prepareBuild({
        settings: 'install: {command: "echo installing"}\ntest: {command: "true"}\n',
        feature: files,
      });
      const error = await ground.fail();
      expect(ground.lines.join('\n')).not.to.contain('installing');
      return `${error.name}: ${error.message}`;
    };
    expect(await attempt({ [`${SPEC}/tasks.md`]: '# Nothing\n' })).to.match(/^SpecInvalid: tasks.md holds 0 tasks/);
    expect(await attempt({ [`${SPEC}/tasks.md`]: '- [ ] T\n'.repeat(2000) })).to.match(
      /^SpecInvalid: tasks.md holds 2000 tasks; at most 500/,
    );
    expect(await attempt({ [`${SPEC}/tasks.md`]: `- [ ] 1. T\n${'x'.repeat(300_000)}` })).to.match(
      /^SpecInvalid: .*tasks.md.*293 KiB; at most 256 KiB/,
    );
    expect(await attempt({ [`${SPEC}/design.md`]: 'x'.repeat(300_000) })).to.match(/^SpecInvalid: .*design.md.*KiB/);
    expect(await attempt({ [`${SPEC}/tasks.md`]: '- [ ] 1. \uFFFD\n' })).to.match(/^SpecInvalid: .*tasks.md.*UTF-8/);
    expect(await attempt({ [`${SPEC}/tasks.md`]: { link: '/etc/passwd' } })).to.match(/^SpecMissing: .*tasks.md/);
    expect(await attempt({ [`${SPEC}/tasks.md`]: null })).to.match(/^SpecMissing: .*tasks.md/);
  });

  it('a repository with submodules, an eol rule and names in every script works on it unharmed', async () => {
    ground.remove();
    ground = await prepareBuild({
      base: { '.gitattributes': '*.txt text eol=crlf\n', '.gitmodules': '[submodule "m"]\n\tpath = m\n\turl = ../m\n' },
      feature: { 'a.txt': 'one\ntwo\n', 'Ünïcode/日本語.md': 'x\n' },
      agent: 'printf "three\\r\\n" >> a.txt; echo y >> Ünïcode/日本語.md',
    });
    git(ground.source, 'update-index', '--add', '--cacheinfo', `160000,${ground.checkout.head},m`);
    git(ground.source, 'commit', '-q', '-m', 'Submodule');
    git(ground.source, 'update-ref', 'refs/heads/work', 'HEAD');
    const path = join(ground.folder, 'again.bundle');
    git(ground.source, 'bundle', 'create', '-q', path, 'refs/heads/base', 'refs/heads/work');
    const bundle = await ground.store.upload(ground.checkout.bundle.key, path);
    const head = git(ground.source, 'rev-parse', 'HEAD').trim();
    await ground.store.writeText(KEY, JSON.stringify({ ...ground.checkout, head, bundle }));
    const result = await ground.run();
    expect(ground.changed(result.resultHead)).to.deep.equal([`${SPEC}/tasks.md`, 'a.txt', 'Ünïcode/日本語.md']);
    expect(ground.show('a.txt', result)).to.equal('one\ntwo\nthree\n');
    expect(git(ground.source, 'ls-tree', result.resultHead, 'm')).to.contain('160000');
  });
});
