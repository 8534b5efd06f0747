import { expect } from 'chai';
import { branchNameProblem } from '../../domain/branch-name';
import { defaultSpecPath, specPathProblem } from '../../domain/spec-path';

describe('branchNameProblem', () => {
  for (const name of ['feature/x', 'main', 'a-b_c.d', 'jürgen/äöü', 'a/b/c'])
    it(`accepts ${name}`, () => expect(branchNameProblem(name)).to.equal(null));

  const refused: Record<string, RegExp> = {
    '': /empty/,
    'a b': /space/,
    'a..b': /"\.\."/,
    '-x': /starts with "-"/,
    '--upload-pack=x': /starts with "-"/,
    'refs/heads/x': /short name/,
    HEAD: /not a branch/,
    '@': /not a branch/,
    'a~1': /character/,
    'a^': /character/,
    'a:b': /character/,
    'a\\b': /character/,
    'a@{1}': /character/,
    'a\u0007': /character/,
    'a//b': /part/,
    '/a': /part/,
    'a/': /part/,
    '.a': /part/,
    'a/.b': /part/,
    'a.lock': /part/,
    'a.': /part/,
    ['x'.repeat(245)]: /longer/,
  };
  for (const [name, why] of Object.entries(refused))
    it(`refuses ${JSON.stringify(name.slice(0, 20))}`, () => expect(branchNameProblem(name)).to.match(why));
});

describe('specPathProblem', () => {
  it('accepts folders inside the repository', () => {
    for (const path of ['.kiro/specs/a', 'specs/größe', '.kiro/specs/a/'])
      expect(specPathProblem(path), path).to.equal(null);
  });

  it('refuses everything that leads out of it, or into .git', () => {
    const paths = [
      '',
      '/etc',
      'C:/x',
      '../x',
      'a/../b',
      './a',
      'a//b',
      'a\\b',
      '.git/hooks',
      'a/.GIT/b',
      'a\nb',
      'x'.repeat(600),
    ];
    for (const path of paths) expect(specPathProblem(path), JSON.stringify(path)).to.be.a('string');
  });

  it('is by default the folder named after the last part of the branch', () => {
    expect(defaultSpecPath('feature/login')).to.equal('.kiro/specs/login');
    expect(defaultSpecPath('login')).to.equal('.kiro/specs/login');
  });
});
