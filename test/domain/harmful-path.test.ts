import { expect } from 'chai';
import { isHarmfulPath, linkProblem } from '../../domain/harmful-path';

describe('isHarmfulPath', () => {
  for (const path of ['.git/config', 'a/.GIT/x', 'a\\..\\b', 'a//b', './a', 'git~1', '.g\u200cit/x'])
    it(`holds ${JSON.stringify(path)} to be harmful`, () => {
      expect(isHarmfulPath(path)).to.equal(true);
    });

  for (const path of ['src/index.ts', '.github/x', '.gitignore', 'a...b'])
    it(`leaves ${path} alone`, () => {
      expect(isHarmfulPath(path)).to.equal(false);
    });
});

describe('linkProblem', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['a/link', '../b', null],
    ['a/link', 'b/c', null],
    ['link', '../b', 'leads out of the repository'],
    ['a/b/link', '../../..', 'leads out of the repository'],
    ['a/link', 'b/../..', 'goes down and up again'],
    ['link', '/etc/passwd', 'is absolute'],
    ['link', 'C:/x', 'is absolute'],
    ['link', '', 'is absolute'],
    ['link', '.Git/hooks', 'leads into .git'],
  ];
  for (const [path, target, problem] of cases)
    it(`says of ${path} → ${JSON.stringify(target)}: ${problem ?? 'nothing'}`, () => {
      expect(linkProblem(path, target)).to.equal(problem);
    });
});
