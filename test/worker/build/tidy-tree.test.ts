import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { tidyTree } from '../../../worker/build/tidy-tree';

describe('tidyTree', () => {
  it('takes away what belongs to somebody else or is no file, opens what is closed, and follows no link', () => {
    const root = mkdtempSync(join(tmpdir(), 'tidy-'));
    const tree = join(root, 'tree');
    mkdirSync(join(tree, 'node_modules', 'p', '.git'), { recursive: true });
    mkdirSync(join(tree, '.git'));
    mkdirSync(join(tree, 'sub', '.git'), { recursive: true });
    mkdirSync(join(root, 'outside', '.git'), { recursive: true });
    symlinkSync(join(root, 'outside'), join(tree, 'link'));
    writeFileSync(join(root, 'foreign'), 'secret');
    linkSync(join(root, 'foreign'), join(tree, 'foreign'));
    writeFileSync(join(tree, 'shut'), 'x');
    chmodSync(join(tree, 'shut'), 0o000);
    chmodSync(join(tree, 'sub'), 0o000);
    const mine = process.getuid?.() ?? 0;
    const [removed = '', ...more] = tidyTree(tree, null);
    expect(removed).to.match(/sub\/\.git": a repository in the repository$/);
    expect(more).to.deep.equal([]);
    expect(statSync(join(tree, 'shut')).mode & 0o400).to.equal(0o400);
    for (const kept of ['.git', 'node_modules/p/.git', 'link'])
      expect(lstatSync(join(tree, kept)), kept).not.to.equal(null);
    expect(existsSync(join(root, 'outside', '.git'))).to.equal(true);
    const others = tidyTree(tree, mine + 1);
    expect(others.some((line) => line.includes('foreign": it belongs to another user'))).to.equal(true);
    expect(readFileSync(join(root, 'foreign'), 'utf8')).to.equal('secret');
    rmSync(root, { recursive: true, force: true });
  });
});
