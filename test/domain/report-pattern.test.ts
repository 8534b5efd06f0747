import { expect } from 'chai';
import fc from 'fast-check';
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
    [
      '**/target/**/TEST-*.xml',
      ['target/TEST-a.xml', 'a/target/b/c/TEST-.xml', 'target/target/TEST-1.xml'],
      ['a/TEST-a.xml', 'target/x'],
    ],
    ['a/**', ['a/b', 'a/b/c'], ['b/a']],
    ['*a*b', ['ab', 'xaxb', 'aabab'], ['ba', 'a', 'ab/b']],
    ['c?v.(x)+', ['cov.(x)+'], ['cv.(x)+', 'c/v.(x)+', 'cov.x']],
  ];
  for (const [pattern, yes, no] of cases)
    it(`takes ${pattern} for what people mean by it`, () => {
      const matches = patternMatcher(pattern);
      for (const path of yes) expect(matches(path), path).to.equal(true);
      for (const path of no) expect(matches(path), path).to.equal(false);
    });
});

describe('patternMatcher, given names that a build has chosen,', () => {
  it('takes time in proportion to their length, however many stars there are', () => {
    const stars = patternMatcher(`${'*a'.repeat(40)}*b`);
    expect(stars('a'.repeat(100_000))).to.equal(false);
    expect(stars(`${'a'.repeat(100_000)}b`)).to.equal(true);
    const folders = patternMatcher(`${'**/a/'.repeat(40)}b`);
    expect(folders('a/'.repeat(20_000))).to.equal(false);
    expect(folders(`${'a/'.repeat(20_000)}b`)).to.equal(true);
  });

  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  it(`means what a regular expression means (SEED=${seed})`, () => {
    const of = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 5 });
    const path = (part: fc.Arbitrary<string>) => fc.array(part, { minLength: 1, maxLength: 5 });
    const part = fc.oneof(
      fc.constant('**'),
      of('ab*?').filter((text) => !text.includes('**')),
    );
    fc.assert(
      fc.property(path(part), path(of('ab')), (parts, names) => {
        const words = parts.map((each) =>
          each === '**' ? '(?:[^/]+/)*' : `${each.replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]')}/`,
        );
        const means = new RegExp(`^${words.join('')}$`).test(`${names.join('/')}/`);
        expect(patternMatcher(parts.join('/'))(names.join('/'))).to.equal(means);
      }),
      { seed, numRuns: 3_000 },
    );
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
