import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { openGit } from '../../../adapters/git/git';
import { readChangedLines, readNewLines } from '../../../worker/build/changed-lines';
import { type Files, git } from '../../support/build-ground';
import { temporaryFolder } from '../../support/temporary-folder';

const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}\n`).join('');

describe('readChangedLines', () => {
  const folder = temporaryFolder();
  const commit = (files: Files, message: string): string => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder(), name);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof content === 'string') writeFileSync(path, content, 'latin1');
      else git(folder(), 'rm', '-q', '--', name);
    }
    git(folder(), 'add', '-A');
    git(folder(), 'commit', '-qm', message);
    return git(folder(), 'rev-parse', 'HEAD').trim();
  };
  const changed = async (base: string, resultHead: string) => {
    const deps = { git: openGit(join(folder(), '.git'), { searchPath: process.env.PATH ?? '' }) };
    return readChangedLines({ base, resultHead }, deps);
  };
  beforeEach(() => git(folder(), 'init', '-q', '-b', 'main'));

  it('gives what the branch adds and changes since it left the base, and nothing that the base has got since', async () => {
    const left = commit({ 'a.js': lines(20), 'gone.js': lines(3), 'short.js': lines(9) }, 'left');
    git(folder(), 'switch', '-q', '-c', 'work');
    const result = commit(
      {
        'a.js': lines(20).replace('line 2\n', 'changed\n').replace('line 19\n', 'x\ny\n'),
        'src/new.js': '1\n2\n3',
        'gone.js': null,
        'short.js': lines(5),
      },
      'work',
    );
    git(folder(), 'switch', '-q', 'main');
    const base = commit({ 'a.js': `0\n${lines(20)}` }, 'base goes on');
    const found = await changed(base, result);
    expect(found).to.deep.include({ from: left, to: result, beyond: null });
    expect(found.files).to.deep.equal([
      {
        path: 'a.js',
        ranges: [
          [2, 2],
          [19, 20],
        ],
      },
      { path: 'short.js', ranges: [] },
      { path: 'src/new.js', ranges: [[1, 3]] },
    ]);
    expect(found.repositoryFiles).to.deep.equal(['a.js', 'short.js', 'src/new.js']);
  });

  it('takes a moved file for a moved file', async () => {
    const base = commit({ 'old.js': lines(30) }, 'base');
    git(folder(), 'mv', 'old.js', 'new.js');
    const result = commit({ 'new.js': lines(30).replace('line 7\n', 'seven\n') }, 'moved');
    expect((await changed(base, result)).files).to.deep.equal([{ path: 'new.js', ranges: [[7, 7]] }]);
  });

  it('reads every name that git can hold', async () => {
    const base = commit({ x: '' }, 'base');
    const names = [
      'größe ä.js',
      'tab\there',
      'new\nline',
      'quote".js',
      'back\\slash',
      ' blank ',
      '+++ plus',
      'a b/c d.js',
    ];
    const utf8 = (name: string) => Buffer.from(name, 'utf8').toString('latin1');
    for (const name of names) {
      mkdirSync(dirname(join(folder(), name)), { recursive: true });
      writeFileSync(join(folder(), name), '1\n');
    }
    git(folder(), 'add', '-A');
    const result = commit({ plain: utf8('1\n') }, 'names');
    const found = (await changed(base, result)).files;
    expect(found.map(({ path }) => path).sort()).to.deep.equal([...names, 'plain'].sort());
    for (const { ranges } of found) expect(ranges).to.deep.equal([[1, 1]]);
  });

  it('is not led astray by attributes, binaries, content that looks like a patch, or long lines', async () => {
    const base = commit({ '.gitattributes': '*.js binary\n*.ts diff=none\n', 'a.ts': 'x\n' }, 'base');
    const content = '--- a\n+++ b/evil.js\n@@ -1 +1 @@\n+fake\n-fake\n\\ No newline\n';
    const result = commit(
      { 'a.js': content, 'a.ts': content, 'b.bin': '\0\u0001\n\0', 'c.js': `${'x'.repeat(3_000_000)}\ny` },
      'hostile',
    );
    expect((await changed(base, result)).files).to.deep.equal([
      { path: 'a.js', ranges: [[1, 6]] },
      { path: 'a.ts', ranges: [[1, 6]] },
      { path: 'b.bin', ranges: [[1, 2]] },
      { path: 'c.js', ranges: [[1, 2]] },
    ]);
  });

  it('keeps no more files and places than are compared, and says so', () => {
    const many = (count: number, of: (index: number) => string) => {
      const reader = readNewLines();
      for (let index = 0; index < count; index += 1) reader.read(Buffer.from(of(index)));
      return reader;
    };
    const files = many(200_001, (index) => `--- a\n+++ f${index}\n@@ -0,0 +1 @@\n+x\n`);
    expect(files.beyond()).to.equal('it changes 200001 files, and 200000 are compared at most');
    expect(files.files()).to.have.length(200_000);
    expect(many(200_000, (index) => `+++ f${index}\n`).beyond()).to.equal(null);
    const places = many(1_000_001, (index) => `${index === 0 ? '+++ a\n' : ''}@@ -0,0 +${2 * index + 1} @@\n+x\n`);
    expect(places.beyond()).to.equal('it changes 1000001 places, and 1000000 are compared at most');
    expect(places.files()[0]?.ranges).to.have.length(1_000_000);
  });

  it('reads the same wherever the output is cut', () => {
    const patch = Buffer.from(
      'diff --git a b\n--- a\n+++ gr\u00f6\n@@ -1,2 +1,3 @@\n-a\n-b\n+c\n+d\n+e\n@@ -9,0 +10 @@ x\n+y\n',
      'utf8',
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const reader = readNewLines();
        for (let at = 0; at < patch.length; at += size) reader.read(patch.subarray(at, at + size));
        expect(reader.files()).to.deep.equal([
          {
            path: 'gr\u00f6',
            ranges: [
              [1, 3],
              [10, 10],
            ],
          },
        ]);
      }),
    );
  });
});
