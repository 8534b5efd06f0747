import { expect } from 'chai';
import { MOST_TRACES, traceRequirements } from '../../domain/requirement-trace';
import { listRequirements } from '../../domain/spec-requirements';

const requirements = listRequirements(
  '### Requirement 1: Cart\n\n1. WHEN added THEN shown\n2. WHEN removed THEN gone\n\n### Requirement 2: Speed\n',
);
const nothing = { requirements, tasks: [], commitOf: new Map(), namingTests: [], changedTests: new Map() };
const task = (id: string, ...names: string[]) => ({ id, requirements: names });
const SHA = 'a'.repeat(40);

describe('traceRequirements', () => {
  it('has a row for each criterion, and shows what nobody has taken up', () => {
    expect(traceRequirements(nothing)).to.deep.equal([
      { name: '1.1', title: 'WHEN added THEN shown', tasks: [], tests: [] },
      { name: '1.2', title: 'WHEN removed THEN gone', tasks: [], tests: [] },
      { name: '2', title: 'Speed', tasks: [], tests: [] },
    ]);
  });

  it('has no row for what a bugfix.md says of the code as it is', () => {
    const clauses = (wrong: string) =>
      traceRequirements({
        ...nothing,
        requirements: listRequirements(
          `# Bugfix\n\n## Analysis\n\n### ${wrong}\n\n1.1 WHEN empty THEN it fails\n\n#### Seen\n\n1.2 always\n\n### Expected Behavior (Correct)\n\n2.1 WHEN empty THEN it SHALL say so\n\n### Unchanged\n\n3.1 WHEN full\n`,
        ),
        tasks: [task('1', '1.1', '2.1')],
      }).map(({ name, tasks }) => `${name} ${tasks.length}`);
    for (const wrong of [
      'Current Behavior (Defect)',
      'Comportamiento actual',
      '現在の動作',
      '当前行为',
      'Aktuelles Verhalten',
    ])
      expect(clauses(wrong), wrong).to.deep.equal(['2.1 1', '3.1 0']);
    expect(clauses('Defect tracking')).to.have.length(4);
    expect(clauses('Speed')).to.deep.equal(['1.1 1', '1.2 0', '2.1 1', '3.1 0']);
  });

  it('joins tasks, their commits, the tests that name it and the tests that changed with them', () => {
    const [first, second] = traceRequirements({
      ...nothing,
      tasks: [task('1', '1.1'), task('2', '1')],
      commitOf: new Map([['1', SHA]]),
      namingTests: [{ file: 'test/cart.js', title: 'shows it', names: ['1.1'] }],
      changedTests: new Map([
        ['1', ['test/cart.js', 'test/more.js']],
        ['2', ['test/more.js']],
      ]),
    });
    expect(first).to.deep.include({
      tasks: [
        { id: '1', commit: SHA },
        { id: '2', commit: null },
      ],
      tests: [
        { file: 'test/cart.js', title: 'shows it', by: 'named' },
        { file: 'test/more.js', title: null, by: 'changed' },
      ],
    });
    expect(
      second?.tasks.map(({ id }) => id),
      'named with the whole requirement',
    ).to.deep.equal(['2']);
  });

  it('takes a task that is about all of them for one of each', () => {
    const rows = traceRequirements({ ...nothing, tasks: [task('1', 'All'), task('2', '1.2')] });
    expect(rows.map(({ name, tasks }) => [name, tasks.map(({ id }) => id).join()])).to.deep.equal([
      ['1.1', '1'],
      ['1.2', '1,2'],
      ['2', '1'],
    ]);
  });

  it('shows names that are written down nowhere, and is never too large', () => {
    expect(traceRequirements({ ...nothing, tasks: [task('1', 'REQ-9', '2')] }).map(({ name }) => name)).to.deep.equal([
      '1.1',
      '1.2',
      '2',
      'REQ-9',
    ]);
    const many = Array.from({ length: 2_000 }, (_, at) => task(String(at), `${at}.7`));
    const rows = traceRequirements({
      ...nothing,
      tasks: many,
      changedTests: new Map([['5', Array.from({ length: 90 }, (_, at) => `test/${at}.js`)]]),
    });
    expect(rows).to.have.length(MOST_TRACES);
    expect(rows.find(({ name }) => name === '5.7')?.tests).to.have.length(20);
  });
});
