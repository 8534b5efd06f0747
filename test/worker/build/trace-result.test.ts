import { expect } from 'chai';
import { type BuildGround, git, prepareBuild, SPEC } from '../../support/build-ground';

const REQUIREMENTS =
  '### Requirement 1: Cart\n\n1. WHEN added THEN shown\n2. WHEN removed THEN gone\n3. IF empty THEN told\n';
const TASKS = [
  '- [x] 1. Before',
  '  - _Requirements: 1.1_',
  '- [ ] 2. Write',
  '  - _Requirements: 1.2_',
  '- [ ]* 3. Property test',
  '  - **Validates: Requirements 1.3**',
  '',
].join('\n');

describe('traceResult', () => {
  let ground: BuildGround | null = null;
  afterEach(() => ground?.remove());

  it('brings requirement, task, commit and test together, also of what an earlier run did', async () => {
    ground = await prepareBuild({
      tasks: TASKS,
      feature: {
        [`${SPEC}/requirements.md`]: REQUIREMENTS,
        'test/old.test.js': '// Validates: Requirements 1.1\nit("shows it", f);\n',
        'test/large.test.js': `// Requirement 1.3\n${'x'.repeat(600_000)}`,
        'test/link.test.js': { link: 'old.test.js' },
      },
      featureMessage: 'Task 1: Before\n\nKiro-Task: 1',
      agent: 'mkdir -p test && echo "it(\\"takes it away, Requirement 1.2\\", f)" > test/new.test.js && echo x > a.js',
    });
    const result = await ground.run();
    const commit = result.commits[0]?.sha ?? '';
    expect(result.tasks.map(({ id, state, commit: of }) => [id, state, of])).to.deep.equal([
      ['1', 'already-done', ground.checkout.head],
      ['2', 'done', commit],
      ['3', 'skipped', null],
    ]);
    expect(result.requirements).to.deep.equal([
      {
        name: '1.1',
        title: 'WHEN added THEN shown',
        tasks: [{ id: '1', commit: ground.checkout.head }],
        tests: [
          { file: 'test/old.test.js', title: 'shows it', by: 'named' },
          { file: 'test/large.test.js', title: null, by: 'changed' },
        ],
      },
      {
        name: '1.2',
        title: 'WHEN removed THEN gone',
        tasks: [{ id: '2', commit }],
        tests: [{ file: 'test/new.test.js', title: 'takes it away, Requirement 1.2', by: 'named' }],
      },
      { name: '1.3', title: 'IF empty THEN told', tasks: [{ id: '3', commit: null }], tests: [] },
    ]);
    expect(git(ground.source, 'log', '-1', '--format=%(trailers:key=Kiro-Task,valueonly)', commit).trim()).to.equal(
      '2',
    );
  });

  it('carries a bugfix spec through: a test that fails for now, the mending, and steps that only verify', async () => {
    ground = await prepareBuild({
      base: { 'test.sh': '[ ! -e bug.test.js ] || [ -e mended ]\n' },
      tasks: [
        '# Implementation Plan',
        '',
        '- [ ] 1. Write bug condition exploration test',
        '  - **Property 1: Bug Condition** - empty carts',
        '  - **CRITICAL**: This test MUST FAIL on unfixed code',
        '  - _Requirements: 1.1_',
        '',
        '- [ ] 2. Mend it',
        '',
        '  - [ ] 2.1 Implement the fix',
        '    - _Bug_Condition: isBugCondition(input) where size = 0_',
        '    - _Requirements: 2.1, 3.1_',
        '',
        '  - [ ] 2.2 Verify bug condition exploration test now passes',
        '    - **IMPORTANT**: Re-run the SAME test from task 1',
        '    - _Requirements: 2.1_',
        '',
        '- [ ] 3. Checkpoint - Ensure all tests pass',
        '',
      ].join('\n'),
      feature: {
        [`${SPEC}/requirements.md`]: null,
        [`${SPEC}/bugfix.md`]:
          '### Current Behavior (Defect)\n\n1.1 WHEN empty THEN it fails\n\n### Expected Behavior (Correct)\n\n2.1 WHEN empty THEN it SHALL say so\n\n' +
          '### Unchanged Behavior (Regression Prevention)\n\n3.1 WHEN full THEN the system SHALL CONTINUE TO add up\n',
      },
      agent:
        'cp "$KIRO_WORKER_PROMPT_FILE" "prompt-$KIRO_WORKER_TASK_ID"; case $KIRO_WORKER_TASK_ID in 1) echo "// Requirement 1.1" > bug.test.js;; 2.1) touch mended;; *) rm prompt-*;; esac',
    });
    const result = await ground.run();
    expect(result.fault).to.equal(null);
    expect(result.tasks.map(({ id, state }) => `${id} ${state}`)).to.deep.equal([
      '1 done',
      '2.1 done',
      '2.2 done',
      '3 done',
    ]);
    expect(result.tests.after.ending).to.equal('passed');
    expect(result.requirements.map(({ name, tasks }) => [name, tasks.map(({ id }) => id).join(' ')])).to.deep.equal([
      ['2.1', '2.1 2.2'],
      ['3.1', '2.1'],
    ]);
    expect(git(ground.source, 'show', `${result.commits[1]?.sha}:prompt-2.1`)).to.contain(
      '### 3.1\n\n3.1 WHEN full THEN the system SHALL CONTINUE TO add up',
    );
  });
});
