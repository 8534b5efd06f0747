import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { parseRepositorySource } from '../../../local/repository/parse-source';
import { temporaryFolder } from '../../support/temporary-folder';

describe('parseRepositorySource', () => {
  const folder = temporaryFolder();

  it('takes a folder relative to where the person stands, and a file URL', () => {
    mkdirSync(join(folder(), 'shop.git'));
    const expected = {
      kind: 'folder',
      path: join(folder(), 'shop.git'),
      shown: join(folder(), 'shop.git'),
      name: 'shop',
    };
    expect(parseRepositorySource('shop.git', folder())).to.deep.equal(expected);
    expect(parseRepositorySource(pathToFileURL(join(folder(), 'shop.git')).href, '/')).to.deep.equal(expected);
  });

  it('splits credentials off a URL at once, so that nothing shows or stores them', () => {
    const source = parseRepositorySource('https://robot:s3cret%40x@git.example.com/team/shop.git?x=1', folder());
    expect(source).to.deep.equal({
      kind: 'address',
      url: 'https://git.example.com/team/shop.git',
      shown: 'https://git.example.com/team/shop.git',
      name: 'shop',
      credentials: { server: 'https://git.example.com/', userAndPassword: 'robot:s3cret@x' },
    });
  });

  it('keeps the user of an ssh address, which is no secret, and takes the short form', () => {
    const ssh = parseRepositorySource('ssh://git@git.example.com/team/shop', folder());
    expect(ssh).to.include({ kind: 'address', url: 'ssh://git@git.example.com/team/shop', credentials: null });
    const git = parseRepositorySource('git://hunter22@git.example.com/team/shop', folder());
    expect(git).to.include({ url: 'git://git.example.com/team/shop', shown: 'git://git.example.com/team/shop' });
    const short = parseRepositorySource('git@git.example.com:team/shop.git', folder());
    expect(short).to.include({ kind: 'address', url: 'git@git.example.com:team/shop.git', name: 'shop' });
  });

  for (const [text, why] of [
    ['nowhere', /nowhere does not exist/],
    ['a-file', /is not a folder/],
    ['ext::sh -c touch% x', /cannot be cloned|does not exist/],
    ['ftp://example.com/x', /scheme ftp:/],
    ['https://user:hunter22@[bad', /is no valid URL/],
    ['https://user:hunter22%@git.example.com/shop', /is no valid URL/],
    ['file://elsewhere/hunter22', /is no valid URL/],
    ['x-access-token:hunter22@git.example.com/team/shop.git', /write https:\/\/ in front/],
  ] as const)
    it(`refuses ${text}`, () => {
      writeFileSync(join(folder(), 'a-file'), '');
      try {
        const source = parseRepositorySource(text, folder());
        expect.fail(`took it as ${source.kind}`);
      } catch (error) {
        expect((error as Error).name).to.equal('ValidationError');
        expect((error as Error).message)
          .to.match(why)
          .and.not.contain('hunter22');
      }
    });
});
