import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Zippable, zipSync } from 'fflate';
import { verifyZip } from '../../../adapters/archive/verify-zip';
import { readZipDirectory } from '../../../adapters/archive/zip-directory';
import { temporaryFolder } from '../../support/temporary-folder';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const LONG = 'some text that is long enough\n'.repeat(100);

describe('verifyZip', () => {
  const folder = temporaryFolder();
  const outcome = async (content: Uint8Array): Promise<string> => {
    const path = join(folder(), 'a.zip');
    writeFileSync(path, content);
    return verifyZip(path, await readZipDirectory(path)).then(
      () => 'good',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };
  const changed = (files: Zippable, change: (copy: Buffer) => void): Promise<string> => {
    const copy = Buffer.from(zipSync(files));
    change(copy);
    return outcome(copy);
  };

  it('accepts what can be unpacked: stored, deflated, empty, in folders', async () => {
    const files: Zippable = {
      'a/': new Uint8Array(),
      'a/b.txt': bytes(LONG),
      c: [bytes('c'), { level: 0 }],
      d: new Uint8Array(),
    };
    expect(await outcome(zipSync(files))).to.equal('good');
  });

  it('finds one byte that is another one, in any of its files', async () => {
    const files: Zippable = { a: bytes('a'), 'b.txt': [bytes(LONG), { level: 0 }] };
    expect(await changed(files, (copy) => copy.write('T', copy.indexOf('text that')))).to.match(
      /^ValidationError: .*is damaged at "b.txt"/,
    );
    expect(await changed({ a: bytes(LONG) }, (copy) => copy.fill(0xff, 36, 46))).to.match(/is damaged at "a"/);
  });

  it('finds what is larger than it says, or holds nothing where it announces something', async () => {
    const directoryOf = (copy: Buffer): number => copy.indexOf(Buffer.from('PK\u0001\u0002'));
    expect(await changed({ a: bytes(LONG) }, (copy) => copy.writeUInt32LE(12, directoryOf(copy) + 24))).to.match(
      /is damaged at "a"/,
    );
    expect(await changed({ a: bytes(LONG) }, (copy) => copy.writeUInt32LE(0, directoryOf(copy) + 20))).to.match(
      /is damaged at "a"/,
    );
  });

  it('finds names that cannot all be files: twice the same, a file in a file, one that is too long', async () => {
    const twice = (copy: Buffer): void => {
      for (let at = copy.indexOf('b.txt'); at >= 0; at = copy.indexOf('b.txt')) copy.write('a.txt', at);
    };
    expect(await changed({ 'a.txt': bytes('1'), 'b.txt': bytes('2') }, twice)).to.match(/is damaged at "a.txt"/);
    expect(await outcome(zipSync({ 'a/b': bytes('1'), a: bytes('2') }))).to.match(/is damaged at "a"/);
    expect(await outcome(zipSync({ a: bytes('2'), './a': bytes('2') }))).to.match(/is damaged at ".\/a"/);
    expect(await outcome(zipSync({ ['é'.repeat(128)]: bytes('1') }))).to.match(/is damaged at/);
    expect(await outcome(zipSync({ ['e'.repeat(255)]: bytes('1') }))).to.equal('good');
  });
});
