import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import { unpackZip } from '../../../local/aws/unpack-zip';
import { temporaryFolder } from '../../support/temporary-folder';

describe('unpackZip', () => {
  const folder = temporaryFolder();

  it('writes every file, in its folder', () => {
    unpackZip(
      zipSync({ 'a.txt': strToU8('a'), 'b/c.txt': strToU8('c'), 'd/': new Uint8Array() }),
      join(folder(), 'out'),
    );
    expect(readFileSync(join(folder(), 'out', 'a.txt'), 'utf8')).to.equal('a');
    expect(readFileSync(join(folder(), 'out', 'b', 'c.txt'), 'utf8')).to.equal('c');
    expect(existsSync(join(folder(), 'out', 'd'))).to.equal(true);
  });

  for (const name of ['../escape', '/absolute', 'a/../../escape', 'a\\b', 'a\0b'])
    it(`refuses ${JSON.stringify(name)} and writes nothing`, () => {
      const zip = zipSync({ 'good.txt': strToU8('x'), [name]: strToU8('x') });
      expect(() => unpackZip(zip, join(folder(), 'out'))).to.throw('lies outside of it');
      expect(existsSync(join(folder(), 'out'))).to.equal(false);
    });

  it('refuses what is no zip', () => {
    expect(() => unpackZip(strToU8('no zip'), join(folder(), 'out'))).to.throw();
  });
});
