import { expect } from 'chai';
import { orderSpecTasks } from '../../domain/spec-order';
import { parseSpecTasks } from '../../domain/spec-tasks';

/** One line per task: `id <parent x? *? c? [requirements]`: done, optional, checkpoint. */
const read = (lines: readonly string[], end = '\n'): readonly string[] =>
  parseSpecTasks(lines.join(end)).tasks.map(
    ({ id, parentId, done, optional, isCheckpoint, requirements }) =>
      `${id}${parentId ? ` <${parentId}` : ''}${done ? ' x' : ''}${optional ? ' *' : ''}${isCheckpoint ? ' c' : ''}${requirements.length > 0 ? ` [${requirements.join(' ')}]` : ''}`,
  );
const order = (lines: readonly string[]) => orderSpecTasks(parseSpecTasks(lines.join('\n'))).map(({ id }) => id);

type Shape = { readonly of: string; readonly plan: readonly string[]; readonly expected: readonly string[] };

/** Whole plans in the shapes that public repositories have; the words are our own. */
const shapes: readonly Shape[] = [
  {
    of: 'the editor, two levels, blank lines between',
    plan: [
      '# Implementation Plan',
      '',
      '- [x] 1. Set up',
      '',
      '',
      '  - [x] 1.1 Folder',
      '    - _Requirements: 1.1_',
      '  ',
      '  - [ ]* 1.2 Property test',
      '    - **Property 1: Order**',
      '    - **Validates: Requirements 1.2**',
      '',
      '- [ ] 2. Checkpoint - Ensure all tests pass',
      '  - Ask when in doubt.',
      '',
      '## Notes',
      '',
      '- Tasks with `*` are optional',
    ],
    expected: ['1 x', '1.1 <1 x [1.1]', '1.2 <1 * [1.2]', '2 c'],
  },
  {
    of: 'an older editor, sub-tasks at column 0',
    plan: [
      '- [x] 1. Base',
      '- [x] 1.1 One',
      '  - text',
      '  - _Requirements: 1.1, 1.2_',
      '',
      '- [-] 1.2 Two',
      '- [ ] 2. Next',
      '- [ ] 2.1 Three',
    ],
    expected: ['1 x', '1.1 <1 x [1.1 1.2]', '1.2 <1', '2', '2.1 <2'],
  },
  {
    of: 'sections that are the parents',
    plan: [
      '# Tasks: Split',
      '## Task 1: Hook',
      'Pull it out.',
      '- [x] 1.1 Create it [Requirement 4.1, 4.2]',
      '- [ ] *1.2 Property test [Requirement 4.4]',
      '## Task 2: Shell',
      '- [ ] 2.1 Slim it down [Requirement 1.10]',
      '## Task 3: Verify',
      '- [ ] 3.1 Run `npm run build` and verify zero errors [Requirement 7.1]',
    ],
    expected: ['1.1 x [4.1 4.2]', '1.2 * [4.4]', '2.1 [1.10]', '3.1 c [7.1]'],
  },
  {
    of: 'Chinese, phases as headings, three levels, lists for acceptance',
    plan: [
      '# 任务列表',
      '### 阶段1',
      '#### 1.1 引擎',
      '- [ ] 1.1.1 分析',
      '- [-] 1.1.2 实现',
      '#### 1.2 接口',
      '- [ ] 1.2.1 测试',
      '## 验收',
      '- [ ] 覆盖率达到 100%',
      '- [ ] 所有测试通过',
    ],
    expected: ['1.1.1', '1.1.2', '1.2.1'],
  },
  {
    of: 'Chinese with full-width punctuation and word "Task"',
    plan: [
      '- [ ] Task 1: 修复',
      '  - [ ] Task 1.1: 定位',
      '    - _需求：1.1、1.2_',
      '- [ ] Task 2：检查',
      '- [ ] 3. 检查点 - 确保所有测试通过',
    ],
    expected: ['1', '1.1 <1 [1.1 1.2]', '2', '3 c'],
  },
  {
    of: 'Japanese with dependencies and parts beside the requirements',
    plan: [
      '# タスク',
      '- [ ] 2. 準備',
      '- [ ] 2.1 テストを足す (並行可)',
      '',
      '  説明の段落。',
      '  - _要件: 1.1, 1.2_',
      '  - _対象の部品: Mapper_',
      '  - _依存: 1_',
      '- [ ] 3. チェックポイント - 実装確認',
    ],
    expected: ['2', '2.1 <2 [1.1 1.2]', '3 c'],
  },
  {
    of: 'German, with a number put in between',
    plan: [
      '# Implementierungsplan',
      '- [ ] 1. Schema',
      '  - [ ] 1.1 Felder',
      '    - _Anforderungen: 1b.1, 1b.2_',
      '- [ ] 1b. Nachtrag',
      '  - [ ] 1b.1 Migration',
    ],
    expected: ['1', '1.1 <1 [1b.1 1b.2]', '1b', '1b.1 <1b'],
  },
  {
    of: 'Spanish, with a checkpoint per phase and ranges',
    plan: [
      '- [ ] 1. Base',
      '  - _Requisitos: 6.1–6.3_',
      '- [ ] 2. Punto de control Fase 1 — Todo pasa',
      '- [ ] 3. Checkpoint Fase 2',
      '  - [ ] 3.1 Ejecutar la suite',
    ],
    expected: ['1 [6.1 6.2 6.3]', '2 c', '3 c', '3.1 <3 c'],
  },
  {
    of: 'a bugfix workflow',
    plan: [
      '- [ ] 1. Write bug condition exploration test',
      '  - **Property 1: Bug Condition** - Empty carts',
      '  - _Requirements: 1.1, 1.2_',
      '',
      '- [ ] 2. Fix it',
      '',
      '  - [ ] 2.1 Implement the fix',
      '    - _Bug_Condition: isBugCondition(input) where size = 0_',
      '    - _Expected_Behavior: expectedBehavior(result) from design_',
      '    - _Preservation: full carts_',
      '    - _Requirements: 2.1, 3.1_',
      '  - [ ] 2.2 Verify bug condition exploration test now passes',
      '    - **Property 1: Expected Behavior** - Empty carts',
      '- [ ] 3. Checkpoint - Ensure all tests pass',
    ],
    expected: ['1 [1.1 1.2]', '2', '2.1 <2 [2.1 3.1]', '2.2 <2 c', '3 c'],
  },
  {
    of: 'names of requirements with letters, remarks and wildcards',
    plan: [
      '- [ ] 1. A',
      '  - _Requirements: R8.1, R8.2, DR1 (Performance)_',
      '- [ ] 2. B',
      '  - _Requirements: 2.*, 7.4_',
      '- [ ] 3. C',
      '  - _Requirements: Performance NFRs_',
    ],
    expected: ['1 [R8.1 R8.2 DR1]', '2 [2 7.4]', '3'],
  },
  {
    of: 'workflow tools that add labels of their own',
    plan: [
      '- [x] 1. Create the page',
      '  - File: src/pages/one.tsx',
      '  - _Leverage: src/components/list.tsx, 2.1_',
      '  - _Requirements: Requirement 5 Login_',
      '  - _Prompt: Role: Developer | Task: 1.2 | Success: 3 tests_',
    ],
    expected: ['1 x [5]'],
  },
  {
    of: 'plans with marks of every kind',
    plan: [
      '- [~] 1. Queued',
      '- [/] 2. Half',
      '- [>] 3. Moved',
      '- [!] 4. Blocked',
      '- [⏭️] 5. Skipped',
      '- [ ] ~~6. Struck~~',
      '- [X] 7. Done',
    ],
    expected: ['1', '2', '3', '4', '5', '6 *', '7 x'],
  },
  {
    of: 'plans with code and comments below tasks',
    plan: [
      '<!-- - [ ] 0. Draft -->',
      '- [ ] 1. Parse',
      '  ```markdown',
      '  - [ ] 9. An example',
      '  ```',
      '  - [ ] 1.1 Inner',
      '    ~~~',
      '    - [ ] 8. Another',
      '    ~~~',
    ],
    expected: ['1', '1.1 <1'],
  },
  {
    of: 'headings that are the tasks, with what makes them done below',
    plan: [
      '# Tasks',
      '## Phase 1: Ground',
      '### ENV-01: Folders',
      '**Priority**: High',
      '```',
      '- [ ] src/',
      '```',
      '**Acceptance Criteria**:',
      '- [ ] All there',
      '- [x] In git',
      '',
      '---',
      '',
      '### ✅ ENV-02: Settings',
      '_Requirements: NFR-1_',
      '#### Acceptance Criteria',
      '- [x] Read',
      '- [x] Checked',
      '## Success Metrics',
      '- [ ] People like it',
    ],
    expected: ['ENV-01', 'ENV-02 x [NFR-1]'],
  },
  {
    of: 'headings with the word for a task, and steps below',
    plan: [
      '### Task 1: Parser',
      '- [x] **Step 1: Write the failing test**',
      '- [ ]* **Step 2: Nice names**',
      '### Task 2.1 — Checkpoint',
      '- [ ] Tests pass [Requirement 3]',
      '### Görev 3: Yazıcı',
      '- [ ]* Hızlı',
    ],
    expected: ['1 x', '2.1 c [3]', '3 *'],
  },
  {
    of: 'headings with nothing but numbers, and criteria in Turkish and Chinese',
    plan: [
      '## 1. Kurulum',
      '### 1.1 Depo',
      '**Kabul Kriterleri**:',
      '- [ ] Kuruldu',
      '- [ ] Derleniyor',
      '### 1.2 检查',
      '验收标准：',
      '- [x] 通过',
    ],
    expected: ['1.1', '1.2 x'],
  },
  {
    of: 'an orchestrator, with criteria and evidence as checkboxes below each task',
    plan: [
      '## TODOs',
      '- [ ] 1. Tokens',
      '',
      '  **What to do**:',
      '  - Look',
      '  **Acceptance Criteria**:',
      '  - [ ] File is there',
      '  - [x] Test passes',
      '',
      '  **Evidence to Capture:**',
      '  - [ ] Output',
      '',
      '- [x] 2. Verify',
      '  **Acceptance Criteria (run by agents)**:',
      '  - [ ] `lint` is green',
      '- [ ] 3. Screen',
      '  - 验收标准：',
      '    - [ ] 通过',
      '  - [ ] Real sub-task',
      '    - Acceptance:',
      '      - [ ] shown',
      '  **Steps**:',
      '  - [ ] Another one',
    ],
    expected: ['1', '2 x', '3', '3.1 <3', '3.2 <3'],
  },
  {
    of: 'sub-tasks with numbers below a label, and a list that a heading ends',
    plan: [
      '- [ ] 1. Parser',
      '  **Verification**:',
      '  - [ ] 1.1 Write tests',
      '  **Acceptance**:',
      '  - [ ] green',
      '  - [ ] T7 is shown',
      '- [ ] 2. Writer',
      '  **Acceptance**:',
      '## Later',
      '  - [ ] Reader',
      '- [ ] 3. Index',
    ],
    expected: ['1', '1.1 <1', '2', '2.1 <2', '3'],
  },
  {
    of: 'tasks that are counted with letters below a label',
    plan: ['- [ ] T1 A', '  **Verification**:', '  - [ ] P95 is low', '  - [ ] T1.1 Tests', '- [ ] T2 B'],
    expected: ['T1', 'T1.1 <T1', 'T2'],
  },
  {
    of: 'plans of plain sub-points',
    plan: [
      '- [ ] 1. Form',
      '  - [ ] Fields',
      '  - [x] Labels',
      '- [ ] 2. Page',
      '    1. [ ] First',
      '    2. [ ] Second',
    ],
    expected: ['1', '1.1 <1', '1.2 <1 x', '2', '2.1 <2', '2.2 <2'],
  },
];

describe('parseSpecTasks, given a plan in the shape of', () => {
  for (const { of: name, plan, expected } of shapes)
    it(`${name}, reads it with every end of line, with and without a byte order mark`, () => {
      for (const end of ['\n', '\r\n', '\r'])
        for (const start of ['', '\uFEFF'])
          expect(read([`${start}${plan[0]}`, ...plan.slice(1)], end)).to.deep.equal(expected);
    });

  it('one with tabs, reads it like one with spaces', () => {
    for (const { plan, expected } of shapes)
      expect(
        read(plan.map((line) => line.replace(/^(?: {2})+/, (lead) => '\t'.repeat(lead.length / 2)))),
      ).to.deep.equal(expected);
  });

  it('one whose graph stands in front, behind a drawing, orders it by the waves', () => {
    expect(
      order([
        '## Task Dependency Graph',
        '```mermaid',
        'graph TD',
        '  T1[1. A] --> T2',
        '```',
        '```json',
        '{"waves":[["2","1"],["3.1"]]}',
        '```',
        '## Tasks',
        '- [ ] 1. A',
        '- [ ] 2. B',
        '- [ ] 3. C',
        '  - [ ] 3.1 D',
        '  - [ ] 3.2 E',
        '- [ ] 4. Checkpoint',
      ]),
    ).to.deep.equal(['2', '1', '3.1', '3.2', '4']);
  });
});
