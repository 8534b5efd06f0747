import { expect } from 'chai';
import { folderMatcher, folderOfPattern, patternMatcher } from '../../domain/report-pattern';

describe('patternMatcher', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'packages/*/lcov.info',
      ['packages/a/lcov.info', 'packages/a b/lcov.info'],
      ['packages/lcov.info', 'packages/a/b/lcov.info', 'x/packages/a/lcov.info'],
    ],
    ['**/TEST-*.xml', ['TEST-a.xml', 'a/b/TEST-.xml'], ['a/TEST-a.xml/b', 'aTEST-a.xml']],
    ['a/**/c.xml', ['a/c.xml', 'a/b/b/c.xml'], ['c.xml', 'a/xc.xml']],
    ['c?v.(x)+', ['cov.(x)+'], ['cv.(x)+', 'c/v.(x)+', 'cov.x']],
  ];
  for (const [pattern, yes, no] of cases)
    it(`takes ${pattern} for what people mean by it`, () => {
      const matches = patternMatcher(pattern);
      for (const path of yes) expect(matches(path), path).to.equal(true);
      for (const path of no) expect(matches(path), path).to.equal(false);
    });
});

describe('folderOfPattern', () => {
  it('is the part in front of the first wildcard', () => {
    expect(folderOfPattern('a/b/*.xml')).to.equal('a/b');
    expect(folderOfPattern('**/x')).to.equal('');
    expect(folderOfPattern('a/b.xml')).to.equal('a');
  });
});

describe('folderMatcher', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'packages/*/coverage/lcov.info',
      ['packages', 'packages/a', 'packages/b/coverage'],
      ['src', 'packages/a/src', 'packages/a/coverage/x'],
    ],
    ['*.xml', [], ['a']],
    ['a/*/**/c.xml', ['a', 'a/b', 'a/b/c/d'], ['b', 'b/a']],
    ['**/c.xml', ['a', 'a/b/c/d'], []],
  ];
  for (const [pattern, yes, no] of cases)
    it(`leads to where ${pattern} can be, and nowhere else`, () => {
      const leadsOn = folderMatcher(pattern);
      for (const folder of yes) expect(leadsOn(folder), folder).to.equal(true);
      for (const folder of no) expect(leadsOn(folder), folder).to.equal(false);
    });
});
