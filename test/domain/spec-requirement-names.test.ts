import { expect } from 'chai';
import { readRequirements } from '../../domain/spec-requirement-names';

const names = (text: string) => readRequirements(text).join(' ');

describe('readRequirements', () => {
  it('reads the line below a task in the languages in which specs are written', () => {
    for (const label of [
      'Requirements: ',
      'Requirement: ',
      '需求: ',
      '需求：',
      '要件: ',
      '要求: ',
      '요구사항: ',
      'Anforderungen: ',
      'Exigences : ',
      'Requisitos: ',
      'Requisiti: ',
      'Требования: ',
      'المتطلبات: ',
    ])
      expect(names(`- do it\n- _${label}1.2, 3.1_`), label).to.equal('1.2 3.1');
    expect(names('_需求：1.1、2.3_')).to.equal('1.1 2.3');
    expect(names('_Vaatimukset: 1.2, 3.1_'), 'a language that nobody has told us').to.equal('1.2 3.1');
  });

  it('reads what a property test validates', () => {
    for (const line of [
      '**Validates: Requirements 1.2, 3.1**',
      '**Validates: 1.2, 3.1**',
      '**验证：需求 1.2, 3.1**',
      '**验证需求: 1.2, 3.1**',
      '**検証対象: 要件 1.2, 3.1**',
      '**Validates: 요구사항 1.2, 3.1**',
      '**Valida: Requisitos 1.2, 3.1**',
      '**Validiert: Anforderungen 1.2, 3.1**',
    ])
      expect(names(`- **Property 7: round trip 9**\n- ${line}`), line).to.equal('1.2 3.1');
    expect(
      names('**Validates: Requirements 1.1**\n**Property 12: order 4**\n**Validates: Requirements 5.2**'),
    ).to.equal('1.1 5.2');
  });

  it('reads names of every form, and mentions in a sentence', () => {
    expect(names('_Requirements: 9.13, US-1.AC-3; FR-A1 and REQ-AUTH-001, 1b.2 / R2_')).to.equal(
      '9.13 US-1.AC-3 FR-A1 REQ-AUTH-001 1b.2 R2',
    );
    expect(names('_Requirements: REQ-term-ui-003, US-MP-4_')).to.equal('REQ-term-ui-003 US-MP-4');
    expect(names('Export the hook [Requirement 4.10]')).to.equal('4.10');
    expect(names('Retry once [requirement 3.1, 3.2]')).to.equal('3.1 3.2');
    expect(names('_Requirements: Requirement 1.2, Requirement 2.4_')).to.equal('1.2 2.4');
  });

  it('opens ranges, also across requirements', () => {
    expect(names('_Requirements: 2.5, 7.3-7.5, 9.4_')).to.equal('2.5 7.3 7.4 7.5 9.4');
    expect(names('_需求: FR-1 至 FR-3_')).to.equal('FR-1 FR-2 FR-3');
    expect(names('_Requirements: AC-4.1 through AC-4.3_')).to.equal('AC-4.1 AC-4.2 AC-4.3');
    expect(names('_Requirements: 1.1–4.3 (all)_')).to.equal('1 2 3 4.1 4.2 4.3');
    expect(names('_Requirements: 1.2-2.1_'), 'what 1 ends with is not said').to.equal('1.2 2.1');
    expect(names('_Requirements: 3.1-1.2, 1.1-900.1_')).to.equal('3.1 1.2 1.1 900.1');
    expect(names('_Requirements: All (1.1–1.2, 2.1–2.2)_')).to.equal('1.1 1.2 2.1 2.2');
    expect(names('_Requirements: 2.*, 3.*, 7.4_')).to.equal('2 3 7.4');
    expect(names('_Requirements: 1.1-1.999999_'), 'a range that nobody means').to.equal('1.1 1.999999');
  });

  it('reads letters behind a number, criteria in brackets, and labels in other words', () => {
    expect(names('_Requirements: 27, 27A, 27B.4, 27C.1-27C.3_')).to.equal('27 27A 27B.4 27C.1 27C.2 27C.3');
    expect(names('_Requirements: Requirement 1 (1.1, 1.3), 2 (login), 3 (4.1)_')).to.equal('1.1 1.3 2 3');
    expect(names('**Requirements Reference**: REQ-A-001, REQ-A-003')).to.equal('REQ-A-001 REQ-A-003');
    expect(names('- **Traces**: AC-1.1, FR-2')).to.equal('AC-1.1 FR-2');
    expect(names('_ข้อกำหนด: 1.1, 2.1_ _आवश्यकताएं: 3.1_')).to.equal('1.1 2.1 3.1');
    expect(names('*\\_Requirements: 7.1, 7.2\\_*')).to.equal('7.1 7.2');
  });

  it('keeps zeros in front when it opens a range', () => {
    expect(names('_Requirements: AC-008 to AC-010_')).to.equal('AC-008 AC-009 AC-010');
  });

  it('tells all of them from some that begin alike', () => {
    for (const line of [
      '_Requirements: All_',
      '_Requirements: all requirements_',
      '**Requirements:** All.',
      '_需求: 全部_',
      '_Requisitos: todos_',
      '_Requirements: All requirements, checked by the end-to-end tests_',
      '_要件: 全要件の確認_',
      '_Yêu cầu: Tất cả_',
      '_Вимоги: усі_',
      '_المتطلبات: جميع المتطلبات_',
    ])
      expect(names(line), line).to.equal('All');
    expect(names('_Requirements: All requirements (REQ-1, REQ-2)_')).to.equal('REQ-1 REQ-2');
  });

  it('tells criteria that are named with hyphens from ranges', () => {
    expect(names('_要件: ST-1-2, FR-124, US1-1_')).to.equal('ST-1-2 FR-124 US1-1');
    expect(names('_Requirements: R1-3, REQ-1-REQ-3_')).to.equal('R1 R2 R3 REQ-1 REQ-2 REQ-3');
  });

  it('reads criteria that are named apart from their requirement', () => {
    expect(names('**Validates: Requirement 1, AC 2**')).to.equal('1.2');
    expect(names('**Validates: Requirement 1, Acceptance Criteria 3**')).to.equal('1.3');
    expect(names('_Requirements: Requirement 1 AC 1.2; Requirement 2, AC 2.1_')).to.equal('1.2 2.1');
    expect(names('# Validates: Requirement 1, AC 1.1-1.3')).to.equal('1.1 1.2 1.3');
    expect(names('_Requirements: US-1 (AC 1–3, 5), US-2 (AC 1)_')).to.equal('US-1.1 US-1.2 US-1.3 US-1.5 US-2.1');
    expect(names('_Requirements: 1.2, AC-3, AC4.1_'), 'names of their own').to.equal('1.2 AC-3 AC4.1');
  });

  it('reads criteria with a word of their own, in stories, sections and clauses', () => {
    expect(names('_Requirements: US-1 AC-1, US-2 AC-3_')).to.equal('US-1.1 US-2.3');
    expect(names('_Requirements: Requirement 1 (AC1, AC3), Requirement 2 (AC-2)_')).to.equal('1.1 1.3 2.2');
    expect(names('_Requirements: AC 1.1, AC 1.2_')).to.equal('1.1 1.2');
    expect(names('_Requirements: User Story 1, Story 2, FR-3_')).to.equal('1 2 FR-3');
    expect(names('_Requirements: §2, FR-1501–FR-1503_')).to.equal('2 FR-1501 FR-1502 FR-1503');
    expect(names('_Requirements: #1, #3_')).to.equal('1 3');
    expect(names('_Requirements: bugfix.md, clauses 1.1–1.3_')).to.equal('1.1 1.2 1.3');
    expect(names('_Requisitos: 5.B.1, 5.C.1–5.C.3, 2.*, 6.D.*._')).to.equal('5.B.1 5.C.1 5.C.2 5.C.3 2 6.D');
    expect(names('_Requirements: 1.1..1.3, AC-1...AC-3, 2.1…2.2_')).to.equal('1.1 1.2 1.3 AC-1 AC-2 AC-3 2.1 2.2');
  });

  it('reads requirements below labels that name other things, too', () => {
    expect(names('_Implements: DES-1, DES-2, REQ-2.1, REQ-2.2_')).to.equal('REQ-2.1 REQ-2.2');
    expect(names('**Priority:** High | **Refs:** REQ-01, REQ-08 | **Design:** §4')).to.equal('REQ-01 REQ-08');
    expect(names('_Implements: DES-3, STYLE.md_\nimplements 3 methods\nRefs: T-1')).to.equal('');
  });

  it('reads brackets with nothing but names of requirements in them', () => {
    expect(names('Reject it (FR-3, FR-5–FR-7), say why [REQ-1.2]')).to.equal('FR-3 FR-5 FR-6 FR-7 REQ-1.2');
    expect(names('See (FR-3 of last year), (ISO-9), (HTTP-2), [P1], (FR)')).to.equal('');
  });

  it('looks through links, code and quotation marks', () => {
    expect(names('_Requirements: [1.1](requirements.md#r1), `2.3`, "3.1-3.2"_')).to.equal('1.1 2.3 3.1 3.2');
    expect(names('_要求：１．２、３．４_')).to.equal('1.2 3.4');
  });

  it('goes on in the list below a label, and behind a remark with a number in it', () => {
    expect(names('- _Requirements:_\n  - 1.1\n  - **Requirement 1.3** shows 4 things\n- 7 retries')).to.equal(
      '1.1 1.3',
    );
    expect(names('- _Requirements:_\n  - 1.1 the sum\n  - Requirement 1.3: shows 4 things\n- no 7')).to.equal(
      '1.1 1.3',
    );
    expect(names('_需求: 全局约束 2, 6.3_')).to.equal('6.3');
  });

  it('goes on over remarks and line ends, and stops where the list does', () => {
    expect(names('_Requirements: FR-3 (Real time), NFR-2 (Scale)_')).to.equal('FR-3 NFR-2');
    expect(names('_Requirements: FR-3 Dashboard tab, FR-4 Header_')).to.equal('FR-3 FR-4');
    expect(names('_Requirements: 1.1,\n   1.2_\n- 2 retries')).to.equal('1.1 1.2');
    expect(names('_Requirements: all of them, 1.2., and 3_')).to.equal('1.2 3');
    expect(names('_Requirements: 5.1, 5.2_ 7.9')).to.equal('5.1 5.2');
    for (const properties of ['; Properties: P1, P4_', '; Property 7, 8_', ' - Properties 1, 4_', '; Design: D-2, 3_'])
      expect(names(`_Requirements: 3.1${properties}`), properties).to.equal('3.1');
    expect(names('**Validates: 3 and 4**')).to.equal('3 4');
    expect(names('_Requirements: 3 Login page, 4 Header_')).to.equal('3 4');
  });

  it('takes names of other things for none', () => {
    for (const line of [
      '_依存: 1_',
      '_Depends: 1.2, 1.3_',
      '_设计: 决策 1-2_',
      '_Design refs: 1.2_',
      '_Bug_Condition: isBugCondition(x) where y = 3_',
      '**Property 3: name 1.2**',
      '- Validate 3 fields',
      '- Requirement: node 20, 22',
      'env_requirements: 3',
      '_Requirements: all server endpoints (wiring)_',
      '_Requirements: all core requirements_',
      '_要件: 全要件の基盤_',
      '_Requirements: all requirements except those of the page_',
      'no line of that kind 1.2',
      'Covers: 3 endpoints',
      'Verifies: 2 modules and 4 tests',
      '_Gereksinimler: Tüm modüller için_',
    ])
      expect(names(line), line).to.equal('');
  });
});
