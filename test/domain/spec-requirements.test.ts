import { expect } from 'chai';
import { findRequirement } from '../../domain/spec-requirements';

const KIRO = [
  '# Requirements',
  '',
  '### Requirement 1: Labels',
  '',
  '**User Story:** As a clerk …',
  '',
  '#### Acceptance Criteria',
  '',
  '1. WHEN cents are given THEN they SHALL be shown',
  '   with two decimals',
  '2. IF there are none THEN "0.00" SHALL be shown',
  '',
  '### Requirement 10: Other',
  '',
  '1. Ten point one',
].join('\n');

describe('findRequirement', () => {
  it('finds a requirement, and a criterion of it with all its lines', () => {
    expect(findRequirement(KIRO, '1')).to.match(/^### Requirement 1: Labels[\s\S]*"0.00" SHALL be shown$/);
    expect(findRequirement(KIRO, '1.1')).to.equal(
      '1. WHEN cents are given THEN they SHALL be shown\n   with two decimals',
    );
    expect(findRequirement(KIRO, '1.2')).to.equal('2. IF there are none THEN "0.00" SHALL be shown');
    expect(findRequirement(KIRO, '10.1')).to.equal('1. Ten point one');
  });

  it('finds criteria that are numbered in full, as in bugfix.md', () => {
    expect(
      findRequirement('## Current\n\n1.1 WHEN a THEN b\n1.2 WHEN c THEN d\n\n## Expected\n\n2.1 WHEN a', '1.2'),
    ).to.equal('1.2 WHEN c THEN d');
    expect(findRequirement('- **2.1** bold\n- **2.2** more', '2.1')).to.equal('- **2.1** bold');
  });

  it('takes a section with all its parts when its heading is a high one', () => {
    expect(findRequirement('## Requirement 3\n\n### Criteria\n\n1. A\n\n## Requirement 4', '3')).to.equal(
      '## Requirement 3\n\n### Criteria\n\n1. A',
    );
  });

  it('says when there is none', () => {
    for (const name of ['1.9', '7', '7.1', 'REQ-1', '(']) expect(findRequirement(KIRO, name)).to.equal(null);
    expect(findRequirement('', '1.1')).to.equal(null);
  });
});
