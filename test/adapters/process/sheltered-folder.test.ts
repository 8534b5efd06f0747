import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { makeShelteredFolder, usualShelters } from '../../../adapters/process/sheltered-folder';

const isRoot = process.getuid?.() === 0;

describe('makeShelteredFolder', () => {
  it('makes one that everybody can pass through and that lies where only root can write, or none at all', () => {
    const folder = makeShelteredFolder('sheltered-test-');
    if (!isRoot) {
      expect(folder).to.equal(null);
      return;
    }
    try {
      expect(usualShelters).to.include(dirname(folder ?? ''));
      expect(statSync(folder ?? '').mode & 0o777).to.equal(0o711);
    } finally {
      if (folder) rmSync(folder, { recursive: true });
    }
  });

  it('takes a preferred folder only when nobody else can write above it', () => {
    const shared = mkdtempSync(join(tmpdir(), 'preferred-')); // below the temporary folder, which is everybody's
    const folders: string[] = [shared];
    const parentFor = (preferred: string): string => {
      const folder = makeShelteredFolder('sheltered-test-', [preferred]);
      if (folder) folders.unshift(folder);
      return folder ? dirname(folder) : 'none';
    };
    try {
      chmodSync(shared, 0o755);
      expect(parentFor(shared)).not.to.equal(shared);
      expect(parentFor(join(shared, 'nowhere'))).not.to.contain(shared);
      if (!isRoot) return;
      const ours = mkdtempSync('/var/preferred-');
      folders.push(ours);
      expect(parentFor(ours), 'nobody could come to it').not.to.equal(ours);
      chmodSync(ours, 0o755);
      expect(parentFor(ours)).to.equal(ours);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  });
});
