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

  it('takes every mark but x and a tick for open', () => {
    const marks = ['x', 'X', ' ', '-', '~', '', '✓', '🚧', '?', ' x ', '⚠️', '👩🏽‍💻', '\u3000', '✔️', '✅', '✗', '❌'];
    const tasks = parse(marks.map((mark, index) => `- [${mark}] ${index + 1}. T`).join('\n'));
    expect(tasks.filter(({ done }) => done).map(({ id }) => marks[Number(id) - 1])).to.deep.equal([
      'x',
      'X',
      '✓',
      ' x ',
      '✔️',
      '✅',
    ]);
    expect(parse('- [ ] 1. A\n- [1] A footnote\n- [WIP] text\n- [x](link)\n- [ ]2. B')).to.have.length(2);
  });

  it('leaves what is struck through alone', () => {
    const tasks = parse('- [ ] ~~1. A~~\n- [ ] 2. ~~B~~ moved\n- [ ] ~~C~~\n- [ ] 3. D ~~E~~\n- [ ] ~~4. F');
    expect(tasks.map(({ title, optional }) => [title, optional])).to.deep.equal([
      ['A', true],
      ['~~B~~ moved', true],
      ['~~C~~', true],
      ['D ~~E~~', false],
      ['F', false],
    ]);
  });

  it('sees `*` behind the bracket, behind the number, escaped, and inherits it', () => {
    const tasks = parse(
      '- [ ]* 1. A\n  - [ ] 1.1 B\n- [ ]\\* 2. C\n- [ ] 3* D\n- [ ] 4. *E*\n- [ ] *5. F\n- [ ] 6\\* G\n- [ ] *7.1* H\n- [ ] *8. I*\n- [ ] \\*9 J',
    );
    expect(
      tasks
        .filter(({ optional }) => optional)
        .map(({ title }) => title)
        .join(''),
    ).to.equal('ABCDFGJ');
  });

  it('reads numbers and titles in the forms that people write', () => {
    const tasks = parse(
      [
        '- [ ] **1. Bold title**',
        '+ [ ] 2) Bracket',
        '3. [ ] Ordered list',
        '- [ ] **4** Half bold',
        '- [ ] 5: Colon',
        '- [ ] Task 6: Named',
        '- [ ] 7、中文',
        '- [ ] 8.中文',
        '- [ ] 9b. Put in later',
        '- [ ] 9b.1 And below it',
        '- [ ] 10 - Dash',
        '- [ ] 3d rendering',
      ].join('\n'),
    );
    expect(tasks.map(({ id, title }) => [id, title])).to.deep.equal([
      ['1', 'Bold title'],
      ['2', 'Bracket'],
      ['3', 'Ordered list'],
      ['4', 'Half bold'],
      ['5', 'Colon'],
      ['6', 'Named'],
      ['7', '中文'],
      ['8', '中文'],
      ['9b', 'Put in later'],
      ['9b.1', 'And below it'],
      ['10', 'Dash'],
      ['9', '3d rendering'],
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

  it('reads requirements of the title and of the details, each once, and hands them down', () => {
    const tasks = parse(
      '- [ ] 1. 任务 [Requirement 1.1]\n  - _需求：1.1、2.3_\n  - [ ] 1.1 B\n  - [ ] 1.2 C\n    - _Anforderungen: 4.1_',
    );
    expect(tasks.map(({ requirements }) => requirements)).to.deep.equal([['1.1', '2.3'], ['1.1', '2.3'], ['4.1']]);
  });

  it('takes what stands below a checkpoint for a part of it', () => {
    expect(
      parse('- [ ] 1. Checkpoint Fase 1\n  - [ ] 1.1 Run the suite\n- [ ] 2. Add it').map(
        ({ isCheckpoint }) => isCheckpoint,
      ),
    ).to.deep.equal([true, true, false]);
  });

  it('gives a plan that begins to count anew ids of its own', () => {
    expect(
      parents('## Way A\n- [ ] 1. A\n- [ ] 1.1 B\n## Way B\n- [ ] 1. C\n- [ ] 1.1 D\n- [ ] 2. E\n- [ ] 2. F'),
    ).to.deep.equal([
      ['1', null],
      ['1.1', '1'],
      ['1-2', null],
      ['1.1-2', '1-2'],
      ['2', null],
      ['2-2', null],
    ]);
  });

  it('takes an ordered list below a task for its sub-tasks', () => {
    expect(parents('- [ ] 3. A\n  - [ ] 1. B\n  - [ ] 2. C\n- [ ] 4. D\n- [ ] Part\n  - [ ] 7. E')).to.deep.equal([
      ['3', null],
      ['3.1', '3'],
      ['3.2', '3'],
      ['4', null],
      ['5', null],
      ['5.7', '5'],
    ]);
    expect(parents('- [ ] 1. A\n  - [ ] 2. Slipped\n'), 'a slip of the space bar').to.deep.equal([
      ['1', null],
      ['2', null],
    ]);
  });

  it('leaves lists for people out, and says so', () => {
    const plan = '## Tasks\n- [ ] 1. A\n- [ ] B\n## Definition of done\n- [ ] All tests pass\n- [ ] Reviewed\n';
    const { tasks, leftOut } = parseSpecTasks(plan);
    expect(tasks.map(({ title }) => title)).to.deep.equal(['A', 'B']);
    expect(leftOut).to.deep.equal([
      { title: 'All tests pass', line: 5, why: 'it has no number, as the tasks have' },
      { title: 'Reviewed', line: 6, why: 'it has no number, as the tasks have' },
    ]);
    const amount = '## One\n- [ ] A\n- [ ] B\n- [ ] C\n## Two\n- [ ] 3 unit tests\n## Definition of done\n- [ ] Seen';
    expect(
      parseSpecTasks(amount).tasks.map(({ title }) => title),
      'an amount makes no numbered plan',
    ).to.deep.equal(['A', 'B', 'C', 'unit tests']);
    expect(parse('## One\n- [ ] A\n## Two\n- [ ] B'), 'a plan without numbers').to.have.length(2);
  });

  it('takes a box with nothing behind it, or nothing but requirements, for no task', () => {
    const tasks = parse('- [ ] A\n- [ ] _Requirements: 1.2, 3_\n- [ ]\n- [x] **Validates: Requirements 4**\n- [ ] 2.');
    expect(tasks.map(({ id, requirements }) => [id, requirements])).to.deep.equal([
      ['1', ['1.2', '3', '4']],
      ['2', []],
    ]);
  });

  it('reads bullets, brackets and numbers as keyboards and editors write them', () => {
    const lines = [
      '-[ ] 1. A',
      '• [ ] 2. B',
      '–[x] 3. C',
      '-\u00a0[ ]\u00a04. D',
      '・ [ ]\u30005. E',
      '- ［ ］ 6. F',
      '\\- \\[ \\] 7\\. G',
      '- [ ] １２.１ H',
      '- [ ] **１３．２** I',
      '- [ ] （１４） J',
      '- [ ] Task １５：K',
      '1.[ ] L',
    ];
    expect(parse(lines.join('\n')).map(({ id, title, done }) => `${id} ${title}${done ? ' x' : ''}`)).to.deep.equal([
      '1 A',
      '2 B',
      '3 C x',
      '4 D',
      '5 E',
      '6 F',
      '7 G',
      '12.1 H',
      '13.2 I',
      '14 J',
      '15 K',
      '1-2 L',
    ]);
  });

  it('takes letters and hyphens for numbers where somebody counts with them', () => {
    expect(parents('- [ ] **T1** A\n  - [ ] T1.1: B\n  - [ ] C\n- [ ] T2 D\n- [ ] V1 [VERIFY] E')).to.deep.equal([
      ['T1', null],
      ['T1.1', 'T1'],
      ['T1.2', 'T1'],
      ['T2', null],
      ['V1', null],
    ]);
    expect(parents('- [ ] 1. A\n  - [ ] 1-1. B\n  - [ ] 1-2 C\n- [ ] ENV-01: D\n- [ ] ENV-02: E')).to.deep.equal([
      ['1', null],
      ['1.1', '1'],
      ['1.2', '1'],
      ['ENV-01', null],
      ['ENV-02', null],
    ]);
    expect(
      parents('- [ ] Задача 1A.1: A\n- [ ] Task 1B: B\n- [ ] 3D view\n- [ ] 2C. C').map(([id]) => id),
    ).to.deep.equal(['1A.1', '1B', '1', '2C']);
    const glued = '- [ ] **T001** A\n- [ ] **T023**（from review）**B**\n- [ ] **T024** [P] C';
    expect(parse(glued).map(({ id, title }) => `${id} ${title}`)).to.deep.equal([
      'T001 A',
      'T023 （from review）**B**',
      'T024 [P] C',
    ]);
    expect(parents('- [ ] P1-1.6 A\n- [ ] P1-1.7 B\n- [ ] P2-1.1 C').map(([id]) => id)).to.deep.equal([
      'P1-1.6',
      'P1-1.7',
      'P2-1.1',
    ]);
    expect(
      parse(
        '- [ ] S3 bucket\n- [ ] S3 policy\n- [ ] 2-8 screenshots\n- [ ] 2-4 icons\n- [ ] ISO 9001\n- [ ] H2 database',
      ).map(({ title }) => title),
    ).to.deep.equal(['S3 bucket', 'S3 policy', '2-8 screenshots', '2-4 icons', 'ISO 9001', 'H2 database']);
  });

  it('finds the numbers of a plan in code, in brackets and behind signs', () => {
    const seen = (...lines: readonly string[]) => parse(lines.join('\n')).map(({ id, title }) => `${id} ${title}`);
    expect(seen('- [ ] `1.1` A', '- [x] `1.2` B', '- [ ] **`2.1`** C')).to.deep.equal(['1.1 A', '1.2 B', '2.1 C']);
    expect(seen('- [ ] [T001] A', '- [ ] [T002] [P] B', '- [ ] **[T003] C**')).to.deep.equal([
      'T001 A',
      'T002 [P] B',
      'T003 C',
    ]);
    expect(seen('- [ ] **`2.1`** C **d**', '- [ ] **`2.2` D** e')).to.deep.equal(['2.1 C **d**', '2.2 D e']);
    expect(seen('- [ ] 🔴 1. A', '- [x] ✅ 2. B', '- [ ] ⚠️ 4. **C**')).to.deep.equal(['1 A', '2 B', '4 **C**']);
    expect(seen('- [ ] Task #1: A', '- [ ] Task #3: B')).to.deep.equal(['1 A', '3 B']);
    expect(seen('- [ ] 1.1 | A', '- [ ] 1.2 B <!-- id: 2 -->', '- [ ] <a id="x"></a>C')).to.deep.equal([
      '1.1 A',
      '1.2 B',
      '1 C',
    ]);
    expect(seen('- [ ] `1.1` docs are right', '- [ ] [P1] B', '- [ ] 🚀 3 rockets', '- [ ] [2.0](x.md)')).to.deep.equal(
      ['1 `1.1` docs are right', '2 [P1] B', '3 🚀 3 rockets', '4 [2.0](x.md)'],
    );
  });

  it('tells requirements at the end of a title apart from it', () => {
    const tasks = parse(
      '- [ ] 1.1 A — _Requirements: AC-1, AC-2_\n- [ ] 1.2 B (Requirements: 1.1)\n- [ ] 1.3 C **Validates: Requirements 2.1**\n- [ ] 1.4 D [Requirement 4.1]\n- [ ] 1.5 Read _Requirements: 3_ of users',
    );
    expect(tasks.map(({ title, requirements }) => `${title} ${requirements}`)).to.deep.equal([
      'A AC-1,AC-2',
      'B 1.1',
      'C 2.1',
      'D [Requirement 4.1] 4.1',
      'Read _Requirements: 3_ of users 3',
    ]);
  });

  it('closes emphasis that stands around number and title, also before a remark', () => {
    expect(
      parse('- [ ] **1.1 A `b`** ← now\n- [ ] **1.2 B**\n- [ ] **1.3** **C** d\n- [ ] 1.4 **D** e').map(
        ({ title }) => title,
      ),
    ).to.deep.equal(['A `b` ← now', 'B', '**C** d', '**D** e']);
  });

  it('takes phases for no tasks, however they are counted', () => {
    expect(parse('## Q1-2025 goals\n- [ ] A\n- [ ] B').map(({ title }) => title)).to.deep.equal(['A', 'B']);
    const plan = '## PHASE-1: Ground\n- [ ] A\n- [ ] B\n## SPRINT-2: House\n- [ ] C\n## HTTP2 support\n- [ ] D';
    expect(parse(plan).map(({ title }) => title)).to.deep.equal(['A', 'B', 'C', 'D']);
  });

  it('puts 1.1 below 1.0 where nothing is called 1', () => {
    expect(parents('- [ ] 0.0 A\n- [ ] 0.1 B\n- [ ] 1.0 C\n- [ ] 1.1 D\n- [ ] 1.10 E')).to.deep.equal([
      ['0.0', null],
      ['0.1', '0.0'],
      ['1.0', null],
      ['1.1', '1.0'],
      ['1.10', '1.0'],
    ]);
  });

  it('refuses a plan without tasks, with too many, with a merge conflict, or with an end that is missing', () => {
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
    expect(refusal('- [ ] 1. A\n<<<<<<< HEAD\n- [ ] 2. B\n=======\n>>>>>>> x')).to.contain('merge conflict in line 2');
    expect(refusal('- [ ] 1. A\n```\n<<<<<<< HEAD\n```')).to.equal('accepted');
    expect(refusal('- [ ] 1. A\n```\n- [ ] 2. B')).to.contain('code block in line 2 that is never closed');
    expect(refusal('- [ ] 1. A\n<!--\n- [ ] 2. B')).to.contain('comment in line 2 that is never closed');
  });

  it('stays fast on lines that are made to be slow', () => {
    const long = 200_000;
    for (const filler of [
      ' ',
      '_',
      '*',
      '[',
      ' `',
      '<!-- -->',
      '(FR-1, ',
      '🔴 ',
      '_a:',
      '- [',
      'requirements: ',
      '1.',
      '1.1, ',
      'Task ',
    ]) {
      const hard = filler.repeat(long / filler.length);
      parse(`- [ ] 1. A\n${hard}\n- [${' '.repeat(long)}\n- [ ] ${hard}\n- [ ] 3. B _Requirements: ${hard}`);
    }
    parse(`- [ ] 1. ${'<!-- '.repeat(long / 5)}-->`);
    // Quadratic patterns would take minutes: mocha's time limit is the measure.
  });

  it('refuses tasks that are nested so deep that their ids are no names of files any more', () => {
    const nested = (levels: number) =>
      Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}- [ ] T`).join('\n');
    expect(ids(nested(20)).at(-1)).to.have.length(39);
    expect(() => parse(nested(21))).to.throw(/nests the task in line 21 more than 20 levels deep/);
  });
});
