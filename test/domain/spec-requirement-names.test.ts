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
    expect(names('Export the hook [Requirement 4.10]')).to.equal('4.10');
    expect(names('Retry once [requirement 3.1, 3.2]')).to.equal('3.1 3.2');
    expect(names('_Requirements: Requirement 1.2, Requirement 2.4_')).to.equal('1.2 2.4');
  });

  it('opens ranges, and keeps the ends of those that cross a border', () => {
    expect(names('_Requirements: 2.5, 7.3-7.5, 9.4_')).to.equal('2.5 7.3 7.4 7.5 9.4');
    expect(names('_需求: FR-1 至 FR-3_')).to.equal('FR-1 FR-2 FR-3');
    expect(names('_Requirements: AC-4.1 through AC-4.3_')).to.equal('AC-4.1 AC-4.2 AC-4.3');
    expect(names('_Requirements: 1.1–6.3 (all)_')).to.equal('1.1 6.3');
    expect(names('_Requirements: All (1.1–1.2, 2.1–2.2)_')).to.equal('1.1 1.2 2.1 2.2');
    expect(names('_Requirements: 2.*, 3.*, 7.4_')).to.equal('2 3 7.4');
    expect(names('_Requirements: 1.1-1.999999_'), 'a range that nobody means').to.equal('1.1 1.999999');
  });

  it('goes on over remarks and line ends, and stops where the list does', () => {
    expect(names('_Requirements: FR-3 (Real time), NFR-2 (Scale)_')).to.equal('FR-3 NFR-2');
    expect(names('_Requirements: FR-3 Dashboard tab, FR-4 Header_')).to.equal('FR-3 FR-4');
    expect(names('_Requirements: 1.1,\n   1.2_\n- 2 retries')).to.equal('1.1 1.2');
    expect(names('_Requirements: all of them, 1.2., and 3_')).to.equal('1.2 3');
    expect(names('_Requirements: 5.1, 5.2_ 7.9')).to.equal('5.1 5.2');
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
      '_Requirements: all_',
      'no line of that kind 1.2',
    ])
      expect(names(line), line).to.equal('');
  });
});
