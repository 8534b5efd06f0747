import { expect } from 'chai';
import { saysDiskFull } from '../../domain/disk-full-words';

describe('saysDiskFull', () => {
  for (const words of [
    'cat: write error: No space left on device',
    'npm error code ENOSPC',
    'Disk quota exceeded',
    // What git add said on a file system without room for its index.
    "fatal: sha1 file '/build/private/index.lock' write error. Out of diskspace",
  ])
    it(`hears it in "${words}"`, () => {
      expect(saysDiskFull(words)).to.equal(true);
    });

  it('hears nothing in other words', () => {
    expect(saysDiskFull('error: ENOSPCX, no space, disk, out of memory')).to.equal(false);
  });
});
