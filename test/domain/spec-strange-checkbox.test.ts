import { expect } from 'chai';
import { parseSpecTasks } from '../../domain/spec-tasks';

const refusal = (...lines: readonly string[]): string => {
  try {
    parseSpecTasks(lines.join('\n'));
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};
const leftOut = (...lines: readonly string[]) =>
  parseSpecTasks(lines.join('\n')).leftOut.map(({ line, title, why }) => `${line} ${title}: ${why}`);

describe('parseSpecTasks, given what looks like a task and is none,', () => {
  it('refuses the plan, and says which line and why', () => {
    for (const [line, why] of [
      ['> - [ ] 2. B', 'it stands in a quotation'],
      ['### [ ] 2. B', 'it is a heading'],
      ['#### ☐ 2. B', 'it is a heading'],
      ['### - [ ] 2. B', 'it is a heading'],
      ['[ ] 2. B', 'there is no "- " in front of it'],
      ['- - [ ] 2. B', 'there are two bullets in front of it'],
      ['- **[ ] 2. B**', 'its box stands in emphasis'],
      ['b) [ ] 2. B', 'it has a letter for a bullet'],
      ['- ☐ 2. B', 'its box is not written as [ ]'],
      ['| 2 | B | [ ] |', 'it stands in a table'],
      ['| [ ] | T2.1 | B |', 'it stands in a table'],
    ] as const)
      expect(refusal('- [ ] 1. A', line), line).to.match(
        new RegExp(
          `cannot be worked on as it is: line 2 looks like a task \\(".*B.*"\\), but ${why.replace(/[[\]]/g, '\\$&')}\\.`,
        ),
      );
    expect(refusal('> - [ ] 1. A', '> - [ ] 2. B', '- [ ] 3. C')).to.contain('and 1 more like it');
  });

  it('says what it has seen where nothing is a task', () => {
    expect(refusal('# Plan', '> - [ ] Write it')).to.contain(
      'holds 0 tasks: a task is a line such as "- [ ] 1. Title"; line 2 looks like a task ("Write it"), but it stands in a quotation',
    );
    expect(refusal('### Task 1: A', 'Text.')).to.contain(
      'line 1 looks like a task ("Task 1: A"), but it has no checkbox',
    );
    expect(refusal('#### ☐ 1. A', '**Requirements**: 1.1')).to.contain(
      'line 1 looks like a task ("1. A"), but it is a heading',
    );
    expect(refusal('### [ ] Task 1: A', 'Text.', '### [ ] Task 2: B'), 'each line once').to.contain(
      'and 1 more like it',
    );
  });

  it('leaves it out and names it where nobody waits for it', () => {
    expect(leftOut('- [ ] 1. A', '> - [ ] an example', '[x] 2. done by hand', '| 1 | A | [ ] |')).to.deep.equal([
      '2 an example: it stands in a quotation',
      '3 2. done by hand: there is no "- " in front of it',
      '4 1 A: it stands in a table',
    ]);
    expect(
      leftOut('### Task 1: A', '- [ ] a', '### Task 2: B ✅', '### Task 3: C', '**Status**: Complete'),
    ).to.deep.equal(['3 Task 2: B ✅: it has no checkbox', '4 Task 3: C: it has no checkbox']);
    expect(leftOut('### Task 1: A', '- [ ] a', '### Task 2: B [x]')).to.deep.equal([
      '3 Task 2: B [x]: it has no checkbox',
    ]);
  });

  it('does not wait for what is text', () => {
    for (const line of [
      'Legend: - [ ] 1. open, - [x] done',
      '`[ ] 2. B`',
      '[x](https://example.com/2)',
      '[1] 2. A footnote',
      '| 2 | B | no |',
      '<!-- > - [ ] 2. B -->',
      'See [ ] 2. B',
    ])
      expect(leftOut('- [ ] 1. A', line), line).to.deep.equal([]);
  });

  it('refuses a task without a checkbox among tasks that are headings', () => {
    expect(refusal('### Task 1: A', '- [ ] a', '### Task 2: B', 'Text.')).to.contain(
      'line 3 looks like a task ("Task 2: B")',
    );
    expect(refusal('## Task 1: A', '- [ ] 1.1 a', '## Task 2: B', 'Text.'), 'sections of a numbered plan').to.equal(
      'accepted',
    );
  });
});
