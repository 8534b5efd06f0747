import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { branchNameProblem } from '../../domain/branch-name';

/** Whether git itself takes the name for a branch. */
const gitTakes = (name: string): boolean => {
  try {
    execFileSync('git', ['check-ref-format', `refs/heads/${name}`], { stdio: 'ignore' });
    execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const piece = fc.oneof(
  fc.constantFrom(
    'feature',
    'x',
    '-',
    '--',
    '.',
    '..',
    '/',
    '//',
    '@',
    '@{',
    '.lock',
    '~',
    '^',
    ':',
    '?',
    '*',
    '[',
    '\\',
    ' ',
  ),
  fc.constantFrom(
    'HEAD',
    'refs/heads/',
    'ä',
    '数',
    '\t',
    '\u007f',
    '\u00a0',
    '\u200b',
    '\u202e',
    '😀',
    '{',
    '}',
    '#',
    '$(x)',
    '`x`',
  ),
  fc.string({ maxLength: 3 }),
);
const names = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));

describe('branchNameProblem, held to git,', () => {
  it('accepts nothing that git refuses', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!name.includes('\0')); // no program can be given that
        if (branchNameProblem(name) === null) expect(gitTakes(name), JSON.stringify(name)).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });

  it('refuses what git accepts only for the reasons that it states', function () {
    this.timeout(60_000);
    const stricter =
      /holds a space|nobody can see|starts with "-"|starts with "refs\/"|longer than 244|is not a branch/;
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!name.includes('\0'));
        const problem = branchNameProblem(name);
        if (problem !== null && gitTakes(name)) expect(problem, JSON.stringify(name)).to.match(stricter);
      }),
      { numRuns: 400 },
    );
  });

  it('counts bytes, as GitHub and file systems do', () => {
    expect(branchNameProblem('ä'.repeat(122))).to.equal(null);
    expect(branchNameProblem('ä'.repeat(123))).to.match(/244 bytes/);
  });

  it('refuses characters that make one name look like another', () => {
    for (const name of ['ma\u200bin', 'x\u202eniam', 'a\u2066b', '\ud800'])
      expect(branchNameProblem(name), JSON.stringify(name)).to.match(/nobody can see/);
  });
});
