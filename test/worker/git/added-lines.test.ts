import { expect } from 'chai';
import { type AddedText, addedLines } from '../../../worker/git/added-lines';

const commit = 'a'.repeat(40);
const diff = (file: string, ...lines: readonly string[]): string =>
  [`diff --git a/${file} b/${file}`, 'index 0..1 100644', `--- a/${file}`, `+++ b/${file}`, ...lines, ''].join('\n');

/** Reads the text in chunks of this size. */
const read = (text: string, size = 7): readonly AddedText[] => {
  const found: AddedText[] = [];
  const reader = addedLines((added) => found.push(added));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  reader.end();
  return found;
};

describe('addedLines', () => {
  it('gives what each commit adds to each file, and not what it removes', () => {
    const text =
      `${commit}\n${diff('a.txt', '@@ -1 +1,2 @@', '-old', '+new', '+newer')}${diff('b.txt', '@@ -3,2 +2,0 @@', '-x', '-y')}` +
      `${'b'.repeat(40)}\n${diff('b.txt', '@@ -0,0 +1 @@', '+z')}`;
    expect(read(text)).to.deep.equal([
      { commit, path: 'a.txt', text: 'new\nnewer\n' },
      { commit: 'b'.repeat(40), path: 'b.txt', text: 'z\n' },
    ]);
  });

  it('gives a name that git has to quote as it is', () => {
    const header = `+++ "b/a \\"b\\" \\\\ \\n \\303\\274 \\033"`;
    const [added] = read([commit, 'diff --git x y', '--- /dev/null', header, '@@ -0,0 +1 @@', '+new', ''].join('\n'));
    expect(added?.path).to.equal('a "b" \\ \n ü \u001b');
  });

  it('takes no content for a header', () => {
    const lines = ['@@ -0,0 +1,4 @@', '+++ b/other', '+diff --git a/x b/x', '+@@ -1 +1 @@', `+${'c'.repeat(40)}`];
    expect(read(`${commit}\n${diff('a.txt', ...lines)}`)).to.deep.equal([
      { commit, path: 'a.txt', text: `++ b/other\ndiff --git a/x b/x\n@@ -1 +1 @@\n${'c'.repeat(40)}\n` },
    ]);
    const removed = ['@@ -1,2 +1 @@', '--- a/x', '-@@ -1 +1,9 @@', '+new'];
    expect(read(`${commit}\n${diff('a.txt', ...removed)}`)).to.deep.equal([{ commit, path: 'a.txt', text: 'new\n' }]);
  });

  it('reads a last line without an end, and names in any writing', () => {
    const lines = ['@@ -1 +1 @@', '-old', '\\ No newline at end of file', '+new', '\\ No newline at end of file'];
    const [added] = read(`${commit}\n${diff('größe.txt', ...lines)}`.trimEnd());
    expect(added).to.deep.equal({ commit, path: 'größe.txt', text: 'new\n' });
  });

  it('hands long files on in pieces that overlap', () => {
    const count = 20_000;
    const content = Array.from({ length: count }, (_, index) => `+line ${index}`);
    const pieces = read(`${commit}\n${diff('a.txt', `@@ -0,0 +1,${count} @@`, ...content)}`, 65_536);
    expect(pieces.length).to.be.greaterThan(2);
    for (const [index, { text }] of pieces.slice(1).entries())
      expect(text.startsWith(pieces[index]?.text.slice(-4096) ?? 'x')).to.equal(true);
    expect(pieces.at(-1)?.text.endsWith(`line ${count - 1}\n`)).to.equal(true);
  });
});
