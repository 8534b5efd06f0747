import { expect } from 'chai';
import { isOlderRelease } from '../../domain/steering-release';

describe('isOlderRelease', () => {
  it('orders rows of numbers as semantic versioning does', () => {
    const ordered = [
      '0.9',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      'v1.2.0',
      '1.10.0',
      '2026.2.1',
      '2026.11',
    ];
    ordered.forEach((one, index) => {
      ordered.forEach((other, otherIndex) => {
        expect(isOlderRelease(one, other), `${one} < ${other}`).to.equal(index < otherIndex);
      });
    });
  });

  it('takes nothing for older that is the same, or has no order', () => {
    for (const [one, other] of [
      ['1.0', '1.0.0'],
      ['v1.0.0', '1.0.0'],
      ['1.0.0+a', '1.0.0+b'],
      ['spring', 'summer'],
      ['spring', '1.0.0'],
      ['1.0.0', 'summer'],
      ['9'.repeat(40), '1'],
    ] as const) {
      expect(isOlderRelease(one, other), `${one} < ${other}`).to.equal(false);
      expect(isOlderRelease(other, one), `${other} < ${one}`).to.equal(false);
    }
  });
});
