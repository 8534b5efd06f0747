import { expect } from 'chai';
import { sizeOfBytes } from '../../domain/size-of-bytes';

describe('sizeOfBytes', () => {
  it('says a size as people do, and what is over a limit as more than it', () => {
    const sizes = [0, 1, 1023, 1024, 262_144, 262_145, 5_000_000, 1024 ** 3, 5 * 1024 ** 4];
    expect(sizes.map(sizeOfBytes)).to.deep.equal([
      '0 bytes',
      '1 bytes',
      '1023 bytes',
      '1 KiB',
      '256 KiB',
      '256.1 KiB',
      '4.8 MiB',
      '1 GiB',
      '5120 GiB',
    ]);
  });
});
