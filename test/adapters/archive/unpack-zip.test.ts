import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Zippable, type ZippableFile, zipSync } from 'fflate';
import { unpackZip } from '../../../adapters/archive/unpack-zip';
import { readZipEntryHead } from '../../../adapters/archive/zip-content';
import { readZipDirectory } from '../../../adapters/archive/zip-directory';
import { temporaryFolder } from '../../support/temporary-folder';

const UNIX = 3;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const unix = (text: string, mode: number): ZippableFile => [bytes(text), { os: UNIX, attrs: mode * 65_536 }];

describe('unpackZip', () => {
  const folder = temporaryFolder();
  const write = (content: Uint8Array): string => {
    const path = join(folder(), 'a.zip');
    writeFileSync(path, content);
    return path;
  };
  const zip = (files: Zippable): string => write(zipSync(files));
  const unpack = async (path: string): Promise<string> => {
    const to = join(folder(), 'out');
    rmSync(to, { recursive: true, force: true });
    mkdirSync(to, { recursive: true });
    await unpackZip(path, to, (name) => name.startsWith('bin/'));
    return to;
  };
  const problemOf = async (path: string): Promise<string> =>
    unpack(path).then(
      () => 'unpacked',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  it('brings back what another program has packed: stored, deflated, empty, in folders', async () => {
    const large = 'line of text\n'.repeat(200_000);
    const out = await unpack(
      zip({
        'stored.txt': [bytes('as it is'), { level: 0 }],
        'a/b/large.txt': bytes(large),
        'empty.txt': new Uint8Array(),
        'ünï.txt': bytes('ü'),
      }),
    );
    expect(readFileSync(join(out, 'stored.txt'), 'utf8')).to.equal('as it is');
    expect(readFileSync(join(out, 'a/b/large.txt'), 'utf8')).to.equal(large);
    expect(readFileSync(join(out, 'empty.txt'), 'utf8')).to.equal('');
    expect(readdirSync(out).sort()).to.deep.equal(['a', 'empty.txt', 'stored.txt', 'ünï.txt']);
  });

  it('lets everybody read and nobody else write, and keeps programs executable, whatever the umask is', async () => {
    const before = process.umask(0o077);
    try {
      const out = await unpack(
        zip({
          'tool.sh': unix('x', 0o100755),
          'data.txt': unix('x', 0o100666),
          'setuid.txt': unix('x', 0o104644),
          'bin/plain': bytes('x'),
          'other/plain': bytes('x'),
        }),
      );
      const names = ['tool.sh', 'data.txt', 'setuid.txt', 'bin/plain', 'other/plain', 'bin', 'other'];
      expect(names.map((name) => modeOf(join(out, name)))).to.deep.equal([
        '755',
        '644',
        '644',
        '755',
        '644',
        '755',
        '755',
      ]);
      expect(statSync(join(out, 'setuid.txt')).mode & 0o7000).to.equal(0);
    } finally {
      process.umask(before);
    }
  });

  it('refuses what would leave the folder, and links, before anything is written', async () => {
    for (const name of ['../up.txt', '/etc/passwd', 'a/../../up.txt', 'a\\b.txt', 'nul\0.txt'])
      expect(await problemOf(zip({ fine: bytes('x'), [name]: bytes('x') })), name).to.match(
        /^ValidationError: .*lies outside/,
      );
    expect(await problemOf(zip({ link: unix('/etc/passwd', 0o120777) }))).to.match(/holds the symbolic link "link"/);
    expect(readdirSync(join(folder(), 'out'))).to.deep.equal([]);
  });

  it('refuses what is damaged, cut off, or no zip at all', async () => {
    const good = zipSync({ 'a.txt': bytes('some text that is long enough\n'.repeat(100)) });
    expect(await problemOf(write(bytes('not a zip')))).to.match(/^ValidationError: .*is no zip file/);
    expect(await problemOf(write(new Uint8Array()))).to.match(/is no zip file/);
    expect(await problemOf(join(folder(), 'nowhere.zip'))).to.match(/^ValidationError: .*cannot be read/);
    expect(await problemOf(write(good.subarray(0, good.length - 30)))).to.match(/is no zip file/);
    const view = (change: (copy: Buffer) => void): string => {
      const copy = Buffer.from(good);
      change(copy);
      return write(copy);
    };
    const directory = Buffer.from(good).indexOf(Buffer.from('PK\u0001\u0002'));
    expect(await problemOf(view((copy) => copy.writeUInt32LE(1, directory)))).to.match(/its directory is damaged/);
    expect(await problemOf(view((copy) => copy.writeUInt16LE(60_000, directory + 28)))).to.match(
      /its directory is damaged/,
    );
    expect(await problemOf(view((copy) => copy.writeUInt16LE(99, directory + 10)))).to.match(/is not known here/);
    expect(await problemOf(view((copy) => copy.writeUInt32LE(12, directory + 16)))).to.match(/is damaged at "a.txt"/);
    expect(await problemOf(view((copy) => copy.writeUInt32LE(12, directory + 24)))).to.match(/is damaged at "a.txt"/);
    expect(await problemOf(view((copy) => copy.fill(0xff, 36, 46)))).to.match(/is damaged at "a.txt"/);
    const end = Buffer.from(good).indexOf(Buffer.from('PK\u0005\u0006'));
    expect(await problemOf(view((copy) => copy.writeUInt32LE(0xffffffff, end + 16)))).to.match(/too large \(zip64\)/);
    expect(await problemOf(view((copy) => copy.writeUInt32LE(0x00ffffff, end + 12)))).to.match(
      /its directory is damaged/,
    );
    expect(await problemOf(view((copy) => copy.writeUInt32LE(0xfffffff0, directory + 24)))).to.match(
      /is damaged|more than 4 GiB/,
    );
  });

  it('refuses a file that is a folder, too, and the same file twice', async () => {
    expect(await problemOf(zip({ a: bytes('file'), 'a/b.txt': bytes('x') }))).to.match(
      /^ValidationError: .*damaged at "a\/b.txt"/,
    );
    expect(await problemOf(zip({ 'a/b.txt': bytes('x'), a: bytes('file') }))).to.match(
      /^ValidationError: .*damaged at "a"/,
    );
    const twice = Buffer.from(zipSync({ 'a.txt': bytes('1'), 'b.txt': bytes('2') }));
    for (let at = twice.indexOf('b.txt'); at >= 0; at = twice.indexOf('b.txt')) twice.write('a.txt', at);
    expect(await problemOf(write(twice))).to.match(/^ValidationError: .*damaged at "a.txt"/);
  });

  it('makes folders that are named, and takes those that are not for granted', async () => {
    const out = await unpack(zip({ 'named/': new Uint8Array(), 'not/named/file.txt': bytes('x') }));
    expect(readdirSync(out)).to.deep.equal(['named', 'not']);
  });

  it('shows the beginning of an entry without unpacking it', async () => {
    const path = zip({
      'a.txt': bytes('beginning and end'),
      'b.txt': [bytes('stored'), { level: 0 }],
      c: new Uint8Array(),
    });
    const entries = await readZipDirectory(path);
    const heads = await Promise.all(entries.map((entry) => readZipEntryHead(path, entry, 9)));
    expect(heads.map(String)).to.deep.equal(['beginning', 'stored', '']);
  });
});
