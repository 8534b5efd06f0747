import { expect } from 'chai';
import { findRequirement, listRequirements } from '../../domain/spec-requirements';

const KIRO = [
  '# Requirements Document',
  '',
  '## 1. Introduction',
  '',
  '1. Not a criterion',
  '',
  '## Requirements',
  '',
  '### Requirement 1: Labels',
  '',
  '**User Story:** As a clerk, I want labels',
  '',
  '#### Acceptance Criteria',
  '',
  '1. WHEN cents are given THEN they SHALL be shown',
  '   with two decimals',
  '   1. inner list',
  '2. IF there are none THEN "0.00" SHALL be shown',
  '',
  '### Requirement 10',
  '',
  '**User Story:** As a clerk, I want `tens`',
  '',
  '#### Acceptance Criteria',
  '',
  '1. Ten point one',
].join('\n');

const names = (text: string) => listRequirements(text).map(({ name }) => name);
const find = (text: string, name: string) => findRequirement(listRequirements(text), name)?.text ?? null;

describe('listRequirements', () => {
  it('lists requirements and criteria as Kiro writes them', () => {
    expect(names(KIRO)).to.deep.equal(['1', '1.1', '1.2', '10', '10.1']);
    expect(listRequirements(KIRO).map(({ title, parent }) => [title, parent])).to.deep.equal([
      ['Labels', null],
      ['WHEN cents are given THEN they SHALL be shown', '1'],
      ['IF there are none THEN "0.00" SHALL be shown', '1'],
      ['User Story: As a clerk, I want tens', null],
      ['Ten point one', '10'],
    ]);
    expect(names(`\uFEFF${KIRO.replaceAll('\n', '\r\n')}`)).to.deep.equal(['1', '1.1', '1.2', '10', '10.1']);
  });

  it('lists the clauses of bugfix.md', () => {
    expect(
      names(
        [
          '# Bugfix Requirements Document',
          '## Bug Analysis',
          '### Current Behavior (Defect)',
          '#### 1. Labels',
          '1.1 WHEN a THEN b',
          '',
          '1.2 WHEN c THEN d',
          '### Expected Behavior (Correct)',
          '2.1 WHEN a THEN the system SHALL b',
          '### Unchanged Behavior (Regression Prevention)',
          '3.1 WHEN e THEN the system SHALL CONTINUE TO f',
        ].join('\n'),
      ),
    ).to.deep.equal(['1', '1.1', '1.2', '2.1', '3.1']);
  });

  it('reads headings of other languages, and other forms of names', () => {
    for (const heading of [
      '### 需求 1：标签',
      '### 要件1: ラベル',
      '### 요구사항 1: 라벨',
      '### Anforderung 1: Etiketten',
      '### Requisito 1 - Etiquetas',
      '### 1. Labels',
      '**Requirement 1: Labels**',
    ])
      expect(names(`# X\n\n${heading}\n\n1. WHEN a\n2) WHEN b\n\n## Notes\n\n1. no\n`), heading).to.deep.equal([
        '1',
        '1.1',
        '1.2',
      ]);
    expect(names('### FR-1: Login\n- **AC-1.1**: a\n- AC-1.2: b\n### NFR-2 Speed\n')).to.deep.equal([
      'FR-1',
      'AC-1.1',
      'AC-1.2',
      'NFR-2',
    ]);
    expect(names('## Functional\n- **FR-001**: System MUST\n- **FR-002**: Users MUST\n')).to.deep.equal([
      'FR-001',
      'FR-002',
    ]);
  });

  it('takes headings that only happen to hold a number for none', () => {
    expect(
      names(
        '## 1. Introduction\n## HTTP2 support\n### V6 migration\n### Requirement 1\n1. A\n### DR1: Speed\n1. B\n### i18n\n',
      ),
    ).to.deep.equal(['1', '1.1', 'DR1', 'DR1.1']);
  });

  it('reads stories where nothing is called a requirement', () => {
    for (const heading of [
      '### User Story 1: Cart',
      '### Story 1 - Cart',
      '## Feature 1: Cart',
      '**User Story 1: Cart**',
    ])
      expect(names(`${heading}\n\n1. WHEN a\n2. WHEN b\n`), heading).to.deep.equal(['1', '1.1', '1.2']);
    expect(
      names('## Feature 1: Cart\n\n### Requirement 1: Sum\n\n1. WHEN a\n\n### Requirement 2: Tax\n'),
    ).to.deep.equal(['1', '1.1', '2']);
    expect(listRequirements('## Feature 1: Cart\n\n### Requirement 1: Sum\n')[0]?.title).to.equal('Sum');
    expect(names('### 📋 Requirement 2: Sum\n1. WHEN a\n### المتطلب 3: x\n1. y\n')).to.deep.equal([
      '2',
      '2.1',
      '3',
      '3.1',
    ]);
    expect(names('### Requisito 5.B: Planes\n1. a\n### Requisito 6: Other\n')).to.deep.equal(['5.B', '5.B.1', '6']);
  });

  it('reads criteria in tables, with dashes, words, boxes, and in lists that stand further in', () => {
    expect(
      names('| ID | Text |\n|---|---|\n| REQ-001 | a |\n| **FR-2** | b |\n| R-1 | a risk |\n| 1.1 | c |\n'),
    ).to.deep.equal(['REQ-001', 'FR-2']);
    expect(names('- [ ] AC-1 — a\n- **REQ-001 · b.** c\n- **REQ-002** [high]\n- **REQ-1.1**：d\n')).to.deep.equal([
      'AC-1',
      'REQ-001',
      'REQ-002',
      'REQ-1.1',
    ]);
    expect(names('### Requirement 3\n- **AC 3.1**: a\n* **AC 3.2:** b\n3\\. c\n')).to.deep.equal([
      '3',
      '3.1',
      '3.2',
      '3.3',
    ]);
    expect(
      names(
        '### Requirement 1\n- **User Story:** a\n- **Acceptance Criteria:**\n    1. WHEN a\n       1. inner\n    2. WHEN b\n',
      ),
    ).to.deep.equal(['1', '1.1', '1.2']);
  });

  it('reads criteria below criteria, and below headings', () => {
    const nested = '- **REQ-1** (MUST): a\n  - **REQ-1.1**: b\n    more\n  - **REQ-1.2**: c\n- **REQ-2**: d\n';
    expect(listRequirements(nested).map(({ name, parent }) => [name, parent])).to.deep.equal([
      ['REQ-1', null],
      ['REQ-1.1', 'REQ-1'],
      ['REQ-1.2', 'REQ-1'],
      ['REQ-2', null],
    ]);
    expect(find(nested, 'REQ-1')).to.contain('more').and.to.contain('REQ-1.2').and.not.to.contain('REQ-2');
    const headed = '### FR-01: Posts\n#### AC-1.1\npost\n1. step\n#### AC-1.2 Get\nget\n### FR-02: Next\n';
    expect(listRequirements(headed).map(({ name, parent }) => [name, parent])).to.deep.equal([
      ['FR-01', null],
      ['AC-1.1', 'FR-01'],
      ['AC-1.2', 'FR-01'],
      ['FR-02', null],
    ]);
    expect(find(headed, 'FR-01')).to.contain('1. step').and.to.contain('get');
    expect(find(headed, 'AC-1.1')).to.equal('#### AC-1.1\npost\n1. step');
    expect(
      names('### Requirement 1\n#### 1.1 User Story\nAs\n#### 1.2 Acceptance Criteria\n1. WHEN a\n'),
    ).to.deep.equal(['1', '1.1']);
  });

  it('goes by the name of a criterion where the list counts on over stories', () => {
    const text =
      '### US-1: A\n1. **US-1.AC-1** — a\n2. **US-1.AC-2** — b\n### US-2: B\n3. **US-2.AC-1** — c\n- **US-2.AC-2** — d\n';
    expect(find(text, 'US-2.AC-1')).to.equal('3. **US-2.AC-1** — c');
    expect(find(text, 'US-2.AC-2')).to.equal('- **US-2.AC-2** — d');
    expect(find(text, 'US-1.AC-2')).to.equal('2. **US-1.AC-2** — b');
    expect(find('### Requirement 1\n1. **REQ-1.1** a\n2. **REQ-1.2** b\n', '1.2')).to.equal('2. **REQ-1.2** b');
    expect(listRequirements(text).map(({ title }) => title)).to.deep.equal([
      'A',
      'US-1.AC-1 — a',
      'US-1.AC-2 — b',
      'B',
      'c',
      'd',
    ]);
  });

  it('takes a heading of the same level for the next one', () => {
    expect(names('## 1. A\n1. x\n## 2. B\n1. y\n')).to.deep.equal(['1', '1.1', '2', '2.1']);
    expect(listRequirements('### FR-1 A\n### AC-1 B\n').map(({ parent }) => parent)).to.deep.equal([null, null]);
  });

  it('reads names of several words', () => {
    const text = '### Requirement REQ-L2-1: A\n1. a\n### REQUIREMENT REQ-term-ui-003\ntext\n';
    expect(names(text)).to.deep.equal(['REQ-L2-1', 'REQ-L2-1.1', 'REQ-term-ui-003']);
    expect(find(text, 'REQ-term-ui-003')).to.contain('text');
  });

  it('keeps criteria apart that each story counts anew', () => {
    const text = '### US-1: A\n- AC-1: a\n- AC-2: b\n### US-2: B\n- AC-1: c\n';
    expect(names(text)).to.deep.equal(['US-1', 'US-1.AC-1', 'US-1.AC-2', 'US-2', 'US-2.AC-1']);
    expect(find(text, 'US-2.AC-1')).to.equal('- AC-1: c');
    expect(find(text, 'US-2.1')).to.equal('- AC-1: c');
    expect(find('### Requirement 4\n**AC1:** a\n**AC2:** b\n', '4.2')).to.equal('**AC2:** b');
  });

  it('keeps what has a name with letters where its section is no requirement', () => {
    expect(names('### Requirement 1: A\n1. a\n## 3. Non-functional\n1. b\n- **NFR-1**: fast\n')).to.deep.equal([
      '1',
      '1.1',
      'NFR-1',
    ]);
  });

  it('takes the list below "Acceptance Criteria" where there are two', () => {
    const text = '### Requirement 2\n\n1. Context\n2. More\n3. Third\n\n**Acceptance Criteria**\n\n1. WHEN a\n';
    expect(names(text)).to.deep.equal(['2', '2.1']);
    expect(find(text, '2.1')).to.equal('1. WHEN a');
  });

  it('takes numbers in code blocks and in prose for text', () => {
    expect(names('### Requirement 3\n\n```\n1. code\n```\n\n1. A\n2023. In that year\n')).to.deep.equal([
      '3',
      '3.1',
      '3.2023',
    ]);
    expect(names('1. A list\n2. without requirements\n## 2. Scope\nNone.')).to.deep.equal([]);
    expect(names('')).to.deep.equal([]);
  });

  it('stays fast on lines that are made to be slow', () => {
    for (const filler of [
      ' ',
      '#',
      '*',
      '1.',
      '**',
      '- ',
      'Requirement ',
      'A-',
      '|',
      'AC ',
      '📋',
      '- AC-1: a\n',
      '### Story 1\n',
    ])
      listRequirements(`### ${filler.repeat(50_000)}\n${filler.repeat(50_000)}\n`);
  });
});

describe('findRequirement', () => {
  it('finds a requirement, and a criterion of it with all its lines', () => {
    expect(find(KIRO, '1')).to.match(/^### Requirement 1: Labels[\s\S]*"0.00" SHALL be shown$/);
    expect(find(KIRO, '1.1')).to.equal(
      '1. WHEN cents are given THEN they SHALL be shown\n   with two decimals\n   1. inner list',
    );
    expect(find(KIRO, '1.2')).to.equal('2. IF there are none THEN "0.00" SHALL be shown');
    expect(find(KIRO, '10.1')).to.equal('1. Ten point one');
    expect(find(KIRO, 'R1.2')).to.equal('2. IF there are none THEN "0.00" SHALL be shown');
    expect(find('### US-1: Story\n- AC-3: it works\n', 'US-1.AC-3')).to.equal('- AC-3: it works');
  });

  it('finds criteria that are named with a hyphen, whether they are written so or stand in a list', () => {
    expect(find('### ST-1: Tree\n\n1. A\n2. B\n', 'ST-1-2')).to.equal('2. B');
    const text = '### ST-1-1 First\nA\n### ST-1-2 Second\nB\n- ST-2-1: Third\n';
    expect(names(text)).to.deep.equal(['ST-1-1', 'ST-1-2', 'ST-2-1']);
    expect(find(text, 'ST-1-2')).to.match(/^### ST-1-2 Second\nB/);
  });

  it('takes a section with all its parts when its heading is a high one', () => {
    expect(find('## Requirement 3\n\n### Criteria\n\n1. A\n\n## Requirement 4', '3')).to.equal(
      '## Requirement 3\n\n### Criteria\n\n1. A',
    );
  });

  it('says when there is none', () => {
    for (const name of ['1.9', '7', '7.1', 'REQ-9', '(', 'All']) expect(find(KIRO, name)).to.equal(null);
  });
});
