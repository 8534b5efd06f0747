import { expect } from 'chai';
import { parseSpecTasks } from '../../domain/spec-tasks';

const parse = (text: string) => parseSpecTasks(text).tasks;
const ids = (text: string) => parse(text).map(({ id }) => id);
const parents = (text: string) => parse(text).map(({ id, parentId }) => [id, parentId]);

describe('parseSpecTasks', () => {
  it('reads a plan as Kiro writes it', () => {
    const tasks = parse(
      [
        '# Implementation Plan',
        '',
        '## Tasks',
        '',
        '- [x] 1. Set up',
        '  - [x] 1.1 Create the module',
        '  - [ ] 1.2 Format cents',
        '    - Two decimals',
        '    - _Requirements: 1.2, 3.1_',
        '  - [ ]* 1.3 Property test',
        '    - **Property 3: round trip**',
        '    - **Validates: Requirements 2.4**',
        '- [ ] 2. Checkpoint - Ensure all tests pass, ask the user if questions arise.',
        '',
        '## Notes',
        'Not of the last task.',
      ].join('\n'),
    );
    expect(tasks.map(({ id, parentId, done, optional }) => [id, parentId, done, optional])).to.deep.equal([
      ['1', null, true, false],
      ['1.1', '1', true, false],
      ['1.2', '1', false, false],
      ['1.3', '1', false, true],
      ['2', null, false, false],
    ]);
    expect(tasks[2]).to.deep.include({
      title: 'Format cents',
      line: 7,
      requirements: ['1.2', '3.1'],
      details: '- Two decimals\n- _Requirements: 1.2, 3.1_',
    });
    expect(tasks[3]?.requirements).to.deep.equal(['2.4']);
    expect(tasks.map(({ isCheckpoint }) => isCheckpoint)).to.deep.equal([false, false, false, false, true]);
    expect(tasks[4]?.details).to.equal('');
  });

  it('takes sub-tasks at column 0 for what their number says', () => {
    expect(parents('- [ ] 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n- [ ] 2. D\n- [ ] 2.1 E')).to.deep.equal([
      ['1', null],
      ['1.1', '1'],
      ['1.2', '1'],
      ['2', null],
      ['2.1', '2'],
    ]);
  });

  it('goes by the indentation where there are no numbers, and numbers such tasks by place', () => {
    expect(parents('* [ ] A\n\t* [ ] B\n\t* [x] C\n* [ ] D\n')).to.deep.equal([
      ['1', null],
      ['1.1', '1'],
      ['1.2', '1'],
      ['2', null],
    ]);
  });

  it('gives a task without a number a place that no numbered task has', () => {
    expect(ids('- [ ] 1. A\n- [ ] B\n- [ ] 2. C')).to.deep.equal(['1', '3', '2']);
  });

  it('takes every mark but x for open', () => {
    const marks = ['x', 'X', ' ', '-', '~', '', '✓', '🚧', '?', ' x '];
    const tasks = parse(marks.map((mark, index) => `- [${mark}] ${index + 1}. T`).join('\n'));
    expect(tasks.map(({ done }) => done)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('sees `*` behind the bracket, behind the number, escaped, and inherits it', () => {
    const tasks = parse('- [ ]* 1. A\n  - [ ] 1.1 B\n- [ ]\\* 2. C\n- [ ] 3* D\n- [ ] 4. *E*');
    expect(tasks.map(({ optional }) => optional)).to.deep.equal([true, true, true, true, false]);
  });

  it('reads numbers and titles in the forms that people write', () => {
    const tasks = parse(
      '- [ ] **1. Bold title**\n+ [ ] 2) Bracket\n3. [ ] Ordered list\n- [ ] **4** Half bold\n- [ ] 5: Colon',
    );
    expect(tasks.map(({ id, title }) => [id, title])).to.deep.equal([
      ['1', 'Bold title'],
      ['2', 'Bracket'],
      ['3', 'Ordered list'],
      ['4', 'Half bold'],
      ['5', 'Colon'],
    ]);
  });

  it('ignores checkboxes in code blocks, in comments, and links that look like them', () => {
    const text = [
      '- [ ] 1. Real',
      '  ```markdown',
      '  - [ ] 9. Not this',
      '  ```',
      '~~~~',
      '~~~',
      '- [ ] 9. Nor this',
      '~~~~',
      '<!--',
      '- [ ] 9. Nor that',
      '-->',
      '<!-- - [ ] 9. One line -->',
      '- [x](https://example.com) a link',
      '- [ ] 2. Real <!-- with',
      'a note -->',
      '- [ ] 3. Use `<!--` for comments',
    ].join('\n');
    expect(ids(text)).to.deep.equal(['1', '2', '3']);
  });

  it('keeps the text of a code block below a task as its detail', () => {
    expect(parse('- [ ] 1. A\n    ```js\n    - [ ] x\n    ```\n')[0]?.details).to.equal('```js\n- [ ] x\n```');
  });

  it('reads CRLF, a byte order mark and lone CR', () => {
    expect(ids('\uFEFF- [ ] 1. A\r\n- [x] 2. B\r- [ ] 3. C')).to.deep.equal(['1', '2', '3']);
    expect(parse('\uFEFF- [ ] 1. A\r\n')[0]?.title).to.equal('A');
  });

  it('reads requirements in any language, each once', () => {
    expect(parse('- [ ] 1. 任务\n  - _需求：1.1、2.3_\n  - _Anforderungen: 2.3, 4.1_')[0]?.requirements).to.deep.equal([
      '1.1',
      '2.3',
      '4.1',
    ]);
    expect(parse('- [ ] 1. A\n  - _Requirements: All, REQ-7, R2_')[0]?.requirements).to.deep.equal(['REQ-7', 'R2']);
  });

  it('takes only checkpoints for checkpoints', () => {
    const titles = [
      'Checkpoint',
      'Final checkpoint - all tests pass',
      '**Checkpoint 2**: verify',
      '检查点 - 确保所有测试通过',
      'Checkpoint storage for the parser',
      'Add a checkpoint',
    ];
    expect(
      parse(titles.map((title) => `- [ ] ${title}`).join('\n')).map(({ isCheckpoint }) => isCheckpoint),
    ).to.deep.equal([true, true, true, true, false, false]);
  });

  it('refuses a plan without tasks, with too many, with a number twice, or with an end that is missing', () => {
    const refusal = (text: string) => {
      try {
        parseSpecTasks(text);
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
      return 'accepted';
    };
    expect(refusal('')).to.match(/^SpecInvalid: tasks.md holds 0 tasks/);
    expect(refusal('# Plan\n\nNothing yet.')).to.contain('holds 0 tasks');
    const many = (count: number) => Array.from({ length: count }, (_, at) => `- [ ] ${at + 1}. T`).join('\n');
    expect(refusal(many(500))).to.equal('accepted');
    expect(refusal(many(501))).to.contain('holds 501 tasks; at most 500');
    expect(refusal(many(2000))).to.contain('holds 2000 tasks; at most 500');
    expect(refusal('- [ ] 1. A\n\n- [ ] 1. B')).to.contain('task 1 twice, in lines 1 and 3');
    expect(refusal('- [ ] 1. A\n```\n- [ ] 2. B')).to.contain('code block in line 2 that is never closed');
    expect(refusal('- [ ] 1. A\n<!--\n- [ ] 2. B')).to.contain('comment in line 2 that is never closed');
  });

  it('stays fast on lines that are made to be slow', () => {
    const long = 200_000;
    for (const filler of [' ', '_', '*', '[', ' `', '<!-- -->', '_a:', '- [', 'requirements: ', '1.'])
      parse(`- [ ] 1. A\n${filler.repeat(long / filler.length)}\n- [${' '.repeat(long)}`);
    // Quadratic patterns would take minutes: mocha's time limit is the measure.
  });

  it('refuses tasks that are nested so deep that their ids are no names of files any more', () => {
    const nested = (levels: number) =>
      Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}- [ ] T`).join('\n');
    expect(ids(nested(20)).at(-1)).to.have.length(39);
    expect(() => parse(nested(21))).to.throw(/nests the task in line 21 more than 20 levels deep/);
  });
});
