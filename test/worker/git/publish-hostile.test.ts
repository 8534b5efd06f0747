import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ErrorCode } from '../../../domain/errors';
import { git, gitWithInput, WRITER } from '../../local/github/github-fixture';
import { type Broker, commit, refusal, startBroker } from '../broker-fixture';
import { type Builder, handOver, published, publishIt, startBuilder } from './result-fixture';

/** Real enough for a finder, made up here so that no scanner takes this file for a leak. */
const token = (prefix: string, length = 36): string =>
  `${prefix}${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zC'.repeat(3).slice(0, length)}`;
const pem = (): string =>
  [
    '-----BEGIN RSA',
    ' PRIVATE KEY-----\n',
    `${token('', 64)}\n${token('', 64)}\n`,
    '-----END RSA',
    ' PRIVATE KEY-----\n',
  ].join('');

describe('publish of a hostile result', () => {
  let broker: Broker;
  let builder: Builder;

  beforeEach(async () => {
    broker = await startBroker();
    builder = await startBuilder(broker);
  });
  afterEach(() => broker.close());

  type Extra = Parameters<typeof publishIt>[2];
  const expectRefusal = async (code: ErrorCode, pattern: RegExp, extra: Extra = {}) => {
    const error = await refusal(publishIt(broker, await handOver(broker, builder), extra), code);
    expect(error.message).to.match(pattern);
    expect(await broker.tip('feature/cart')).to.equal(builder.source.head);
    expect(published(broker)).to.equal(null);
    return error;
  };
  const goesThrough = async () => {
    expect((await publishIt(broker, await handOver(broker, builder))).outcome).to.equal('pushed');
  };
  const work = (files: Parameters<typeof commit>[1], message?: string) => commit(builder.clone, files, message);

  /** A commit of exactly these tree entries beside what is there, past all checks that git makes of an index. */
  const commitEntries = async (...entries: readonly string[]): Promise<void> => {
    const there = await git(builder.clone, 'ls-tree', 'work');
    const tree = await gitWithInput(builder.clone, `${there}\n${entries.join('\n')}\n`, 'mktree', '--missing');
    const head = await git(builder.clone, 'commit-tree', tree, '-p', 'work', '-m', 'a task');
    await git(builder.clone, 'update-ref', 'refs/heads/work', head);
  };
  const blob = (content: string) => gitWithInput(builder.clone, content, 'hash-object', '-w', '--stdin');

  describe('refuses protected paths:', () => {
    it('changed', async () => {
      await work({ '.github/CODEOWNERS': '* @mallory\n', 'src/x.js': 'x\n' });
      const error = await expectRefusal('ProtectedPathChanged', /protected files: \.github\/CODEOWNERS\.$/);
      expect(error.remedy).to.match(/by a person/);
    });

    it('added, removed, and moved away', async () => {
      await work({ '.kiro/steering/style.md': 'x\n' });
      await work({ 'kiro-worker.yml': null });
      await work({ '.github/CODEOWNERS': null, 'docs/owners.txt': '* @acme/owners\n' });
      await expectRefusal(
        'ProtectedPathChanged',
        /^(?=.*\.kiro\/steering\/style\.md)(?=.*kiro-worker\.yml)(?=.*\.github\/CODEOWNERS)/,
      );
    });

    it('changed and changed back by a later commit', async () => {
      await work({ '.github/workflows/ci.yml': 'on: push\n' });
      await work({ '.github/workflows/ci.yml': null, 'src/x.js': 'x\n' });
      await expectRefusal('ProtectedPathChanged', /\.github\/workflows\/ci\.yml/);
    });

    it('in other letters, forms and folders', async () => {
      const names = [
        '.GitHub/ci.yml',
        '.KIRO/Hooks/x.json',
        '.gi\u200cthub/x.yml',
        '\uff0egithub/x.yml',
        'Kiro-Worker.YML',
      ];
      await work(Object.fromEntries([...names, 'a/.NPMRC', 'docs/codeowners'].map((name) => [name, 'x\n'])));
      const error = await expectRefusal('ProtectedPathChanged', /protected files/);
      for (const name of [
        '.GitHub/ci.yml',
        '.KIRO/Hooks/x.json',
        '.gi\\u200cthub/x.yml',
        'a/.NPMRC',
        'docs/codeowners',
        'Kiro-Worker.YML',
      ])
        expect(error.message).to.include(name);
    });

    it('exchanged by a symbolic link in place of their folder', async () => {
      await git(builder.clone, 'rm', '-rq', '--cached', '.kiro');
      await work({ 'elsewhere/steering/x.md': 'x\n' });
      const link = await blob('elsewhere');
      await commitEntries(`120000 blob ${link}\t.KIRO`);
      await expectRefusal('ProtectedPathChanged', /\.KIRO/);
    });

    it('only made executable', async () => {
      chmodSync(join(builder.clone, 'kiro-worker.yml'), 0o755);
      await work({});
      await expectRefusal('ProtectedPathChanged', /kiro-worker\.yml/);
    });

    it('and names of any length and number, cut and without their control characters', async () => {
      const names = Array.from(
        { length: 14 },
        (_, index) => `.github/${String(index).padStart(2, '0')}\n\u001b[31m${'x'.repeat(230)}`,
      );
      await work(Object.fromEntries(names.map((name) => [name, 'x\n'])));
      const { message } = await expectRefusal('ProtectedPathChanged', /and 4 more\.$/);
      expect(message).to.include('.github/00\\u000a\\u001b[31mxxx');
      expect(message.length).to.be.below(2_600);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
      expect(message).not.to.match(/[\x00-\x1f]/);
    });
  });

  describe('refuses what would hurt a checkout:', () => {
    it('.git, in any letters', async () => {
      const id = await blob('[core]\n');
      for (const name of ['.git', '.GIT', 'git~1', '.g\u200cit']) {
        await commitEntries(`100644 blob ${id}\t${name}`);
        await expectRefusal('UnsafePath', /an object that git refuses: .*hasDotgit/);
        await git(builder.clone, 'update-ref', 'refs/heads/work', builder.source.head);
      }
    });

    it('names that climb up on Windows', async () => {
      await work({ '..\\evil.js': 'x\n' });
      await expectRefusal('UnsafePath', /would harm a checkout: \.\.\\evil\.js/);
    });

    it('a submodule', async () => {
      const head = await git(builder.clone, 'rev-parse', 'HEAD');
      await git(builder.clone, 'update-index', '--add', '--cacheinfo', `160000,${head},vendor/lib`);
      await git(builder.clone, 'commit', '-qm', 'a submodule');
      await expectRefusal('UnsafePath', /submodules: vendor\/lib/);
    });

    it('symbolic links that lead out of the repository, or could', async () => {
      for (const [target, pattern] of [
        ['/etc/passwd', /src\/link is absolute/],
        ['../../outside', /src\/link leads out of the repository/],
        ['deep/../../..', /src\/link goes down and up again/],
        ['../.git/hooks', /src\/link leads into \.git/],
        ['C:\\Windows', /src\/link is absolute/],
        ['x'.repeat(4_000), null],
      ] as const) {
        symlinkSync(target, join(builder.clone, 'src/link'));
        await work({});
        if (pattern) await expectRefusal('UnsafePath', pattern);
        await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      }
      const long = await blob('y'.repeat(5_000));
      await commitEntries(`120000 blob ${long}\tlong`);
      await expectRefusal('UnsafePath', /long is too long/);
    });

    it('but not symbolic links inside of it', async () => {
      symlinkSync('../README.md', join(builder.clone, 'src/readme'));
      symlinkSync('src/shop.js', join(builder.clone, 'main.js'));
      await work({});
      await goesThrough();
    });

    it('objects that are malformed', async () => {
      const raw = `tree ${await git(builder.clone, 'rev-parse', 'work^{tree}')}\nparent ${builder.source.head}\nauthor nobody\n\nx\n`;
      const head = await gitWithInput(
        builder.clone,
        raw,
        'hash-object',
        '-t',
        'commit',
        '-w',
        '--stdin',
        '--literally',
      );
      await git(builder.clone, 'update-ref', 'refs/heads/work', head);
      await expectRefusal('ArtifactMismatch', /an object that git refuses/);
    });
  });

  describe('refuses planted secrets:', () => {
    it('in a line that was added, with its place and without its value', async () => {
      const secret = token('ghp_');
      await work({ 'src/größe.js': `const a = 1;\nconst t = "${secret}";\n` });
      const error = await expectRefusal('SecretInChange', /a GitHub token, in src\/größe\.js in commit [0-9a-f]{12}/);
      expect(`${error.message}${error.remedy}${error.stack}`).not.to.include(secret);
    });

    it('of every kind that the worker knows', async () => {
      for (const [content, kind] of [
        [token('github_pat_', 60), /a GitHub token/],
        [`KEY=${token('ksk_', 30)}`, /a Kiro API key/],
        [token('npm_'), /an npm token/],
        [`id: AKIA${'Q7WERT5YU3IOP2AS'}`, /an AWS access key id/],
        [pem(), /a private key/],
        [JSON.stringify({ key: pem() }), /a private key/],
      ] as const) {
        await work({ 'config.txt': `${content}\n` });
        await expectRefusal('SecretInChange', kind);
        await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      }
    });

    it('taken back by a later commit', async () => {
      await work({ 'src/x.js': `${token('ghs_')}\n` });
      await work({ 'src/x.js': 'x\n' });
      await expectRefusal('SecretInChange', /src\/x\.js/);
    });

    it('in binary files, long lines and across the pieces in which they are read', async () => {
      await work({
        'data.bin': Buffer.concat([Buffer.from([0, 1, 2, 255]), Buffer.from(token('ghp_')), Buffer.from([0])]),
      });
      await expectRefusal('SecretInChange', /data\.bin/);
      await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      for (const before of [65_500, 65_530, 200_000]) {
        await work({ 'long.txt': `${'x '.repeat(before / 2)}${token('ghp_')} ${'y '.repeat(100_000)}` });
        await expectRefusal('SecretInChange', /long\.txt/);
        await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      }
      const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} of many, long enough to fill pieces\n`);
      await work({ 'many.txt': [...lines, pem(), ...lines].join('') });
      await expectRefusal('SecretInChange', /many\.txt/);
    });

    it('written in UTF-16', async () => {
      await work({ 'notes.txt': Buffer.from(`\ufeffthe token is ${token('ghp_')}\r\n`, 'utf16le') });
      await expectRefusal('SecretInChange', /notes\.txt/);
    });

    it('hidden from git by attributes', async () => {
      await git(builder.clone, 'checkout', '-q', 'work');
      writeFileSync(join(builder.clone, '.git/info/attributes'), '* -diff\n');
      await work({ 'src/x.js': `+++ b/other\n@@ -0,0 +1 @@\n${token('ghp_')}\n` });
      await expectRefusal('SecretInChange', /src\/x\.js/);
    });

    it('in a commit message, an author, or the name of a file', async () => {
      await work({ 'src/x.js': 'x\n' }, `done, with ${token('ghp_')}`);
      await expectRefusal('SecretInChange', /the message or the author of a commit/);
      await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      await git(builder.clone, 'commit', '-q', '--allow-empty', '-m', 'x', `--author=${token('ghp_')} <a@b.c>`);
      await expectRefusal('SecretInChange', /the message or the author of a commit/);
      await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      await work({ [`src/${token('ghp_')}.js`]: 'x\n' });
      const error = await expectRefusal('SecretInChange', /the name of a file/);
      expect(error.message).not.to.include(token('ghp_'));
    });

    it('that are the worker’s own, in any form', async () => {
      for (const form of [
        WRITER,
        Buffer.from(`x-access-token:${WRITER}`).toString('base64'),
        Buffer.from(WRITER).toString('hex'),
      ]) {
        await work({ 'src/x.js': `leak("${form}");\n` });
        await expectRefusal('SecretInChange', /a credential of this worker, in src\/x\.js/);
        await git(builder.clone, 'reset', '-q', '--hard', builder.source.head);
      }
      await work({ 'src/x.js': 'leak("a-session-token-of-the-build");\n' });
      await expectRefusal('SecretInChange', /a credential of this worker/, {
        secrets: ['a-session-token-of-the-build'],
      });
    });

    it('even if a hundred others were there before', async () => {
      const old = Array.from({ length: 120 }, (_, index) => token('ghp_', 30) + String(index).padStart(6, '0'));
      await commit(broker.workTree, { 'fixtures.txt': old.join('\n') });
      await broker.push(broker.workTree, 'feature/cart');
      builder = await startBuilder(broker);
      await work({ 'moved.txt': old.join('\n'), 'fixtures.txt': null });
      await expectRefusal('SecretInChange', /a GitHub token/);
    });

    it('but not what documents show, what was there before, and code that only mentions credentials', async () => {
      await commit(broker.workTree, { 'test/fixture.js': `token("${token('ghp_')}");\n${pem()}` });
      await broker.push(broker.workTree, 'feature/cart');
      builder = await startBuilder(broker);
      await work({
        'test/moved.js': `expect(token("${token('ghp_')}"));\n${pem()}`,
        'test/fixture.js': null,
        'README.md':
          'Set GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, AKIAIOSFODNN7EXAMPLE, https://user:secret@host/\n',
        'src/x.js': "headers.authorization = 'Bearer ' + t; const begin = '-----BEGIN PRIVATE KEY-----';\n",
      });
      await goesThrough();
    });
  });

  describe('refuses what is too large:', () => {
    const limits = (extra: object) => ({ limits: { ...broker.deps().limits, ...extra } });

    it('a file of more than 10 MB', async () => {
      await work({ 'large.bin': Buffer.alloc(10 * 1024 * 1024 + 1, 'x') });
      await expectRefusal('ChangeTooLarge', /more than 10 MiB: large\.bin/);
    });

    it('more than 50 MB in all, though each file is small and packs to nothing', async () => {
      for (let index = 0; index < 6; index += 1)
        await work({ [`${index}.bin`]: Buffer.alloc(9 * 1024 * 1024, `${index}`) });
      await expectRefusal('ChangeTooLarge', /adds 5\d{7} bytes of objects; at most 52428800/);
    });

    it('more than 5,000 files', async () => {
      await work(Object.fromEntries(Array.from({ length: 5_001 }, (_, index) => [`many/${index}.txt`, 'x\n'])));
      await expectRefusal('ChangeTooLarge', /changes 5001 files; at most 5000/);
    });

    it('more commits than a spec can have tasks', async () => {
      await work({ 'a.txt': 'a\n' });
      await work({ 'b.txt': 'b\n' });
      await expectRefusal('ChangeTooLarge', /more than 1 commits/, limits({ commits: 1 }));
    });

    it('a bundle that is larger than all that it may hold', async () => {
      await work({ 'a.txt': 'a\n' });
      await expectRefusal('ChangeTooLarge', /bundle has \d+ bytes; at most 10/, limits({ resultBytes: 10 }));
    });
  });

  it('runs no hook that the machine has for every repository', async () => {
    const trace = join(broker.folder, 'ran');
    const home = broker.newFolder();
    const hook = `#!/bin/sh\ntouch '${trace}'\n`;
    for (const name of ['pre-push', 'reference-transaction', 'post-rewrite'])
      writeFileSync(join(home, name), hook, { mode: 0o755 });
    writeFileSync(join(home, '.gitconfig'), `[core]\n\thooksPath = ${home}\n`);
    await work({ 'src/x.js': 'x\n' });
    const bundled = await handOver(broker, builder);
    const before = process.env.HOME;
    process.env.HOME = home;
    process.env.GIT_CONFIG_PARAMETERS = `'core.hooksPath=${home}'`;
    try {
      expect((await publishIt(broker, bundled)).outcome).to.equal('pushed');
    } finally {
      process.env.HOME = before;
      delete process.env.GIT_CONFIG_PARAMETERS;
    }
    expect(existsSync(trace)).to.equal(false);
  });
});
