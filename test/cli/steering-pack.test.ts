import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseSteeringManifest } from '../../domain/steering-package';
import { runCli } from '../scenarios/support/run-cli';
import { temporaryFolder } from '../support/temporary-folder';

describe('kiro-worker steering pack', () => {
  const folder = temporaryFolder();
  const pack = (...more: readonly string[]) => runCli(['steering', 'pack', 'rules', ...more], { cwd: folder() });
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(join(folder(), 'rules', 'style'), { recursive: true });
    writeFileSync(join(folder(), 'rules', path), text);
  };

  it('writes a manifest that the checkout accepts, and prints the digest that pins it', async () => {
    write('security.md', 'Never print a secret.\n');
    write('style/code.md', 'Short.\n');
    write('logo.png', Buffer.from([0x89, 0x50]));
    symlinkSync('/etc/passwd', join(folder(), 'rules', 'passwd.md'));
    const end = await pack('--name', 'acme', '--release', '1.4.0', '--json');
    expect(end.code, end.stderr).to.equal(0);
    const text = readFileSync(join(folder(), 'rules', 'steering.json'), 'utf8');
    const manifest = parseSteeringManifest(text);
    expect(manifest.files.map(({ path, bytes }) => [path, bytes])).to.deep.equal([
      ['security.md', 22],
      ['style/code.md', 7],
    ]);
    const digest = createHash('sha256').update(text).digest('hex');
    expect(JSON.parse(end.stdout)).to.deep.equal({
      name: 'acme',
      release: '1.4.0',
      digest,
      files: manifest.files,
      leftOut: ['logo.png'],
    });
    const again = await pack('--name', 'acme', '--release', '1.4.0');
    expect(again.stdout).to.match(
      /^acme 1\.4\.0: 2 files in .*steering\.json\nleft out, not "\.md": logo\.png\ndigest: '/,
    );
    expect(again.stdout).to.contain(digest);
  });

  it('refuses with 2 what a checkout would refuse, and says what', async () => {
    const nowhere = await runCli(['steering', 'pack', 'nowhere', '--name', 'a', '--release', '1'], { cwd: folder() });
    expect([nowhere.code, nowhere.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && /nowhere cannot be read/.test(text),
    );
    write('-odd.md', 'x');
    const odd = await pack('--name', 'acme', '--release', '1.4.0');
    expect(odd.code).to.equal(2);
    expect(odd.stderr).to.match(/SteeringInvalid.*-odd\.md/);
    rmSync(join(folder(), 'rules', '-odd.md'));
    const refused = async (path: string, content: Buffer, message: RegExp) => {
      write(path, content);
      const end = await pack('--name', 'acme', '--release', '1.4.0');
      rmSync(join(folder(), 'rules', path));
      expect(end.code, path).to.equal(2);
      expect(end.stderr, path).to.match(message);
      expect(existsSync(join(folder(), 'rules', 'steering.json')), path).to.equal(false);
    };
    await refused('latin.md', Buffer.from('caf\xe9', 'latin1'), /"latin\.md" is not text in UTF-8/);
    await refused('nul.md', Buffer.from('a\0b'), /"nul\.md" is not text in UTF-8/);
    await refused('large.md', Buffer.alloc(300_000, 'a'), /"large\.md" has 300000 bytes; at most 262144/);
    for (let count = 0; count < 101; count += 1) write(`${count}.md`, 'x');
    const many = await pack('--name', 'acme', '--release', '1.4.0');
    expect(many.stderr).to.match(/rules holds 101 \.md files; a package has at most 100/);
    for (let count = 0; count < 101; count += 1) rmSync(join(folder(), 'rules', `${count}.md`));
    write('a.md', 'x');
    const nameless = await pack('--release', '1.4.0');
    expect(nameless.code).to.equal(2);
    expect(nameless.stderr).to.match(/name: small letters/);
  });
});
