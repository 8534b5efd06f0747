import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { parseSteeringPlace } from '../../../cli/steering/parse-place';
import type { WorkerError } from '../../../domain/errors';
import { temporaryFolder } from '../../support/temporary-folder';

const DIGEST = 'a'.repeat(64);

describe('the place of a steering package', () => {
  const folder = temporaryFolder();
  const parse = (text: string) => parseSteeringPlace(text, folder());
  const refusal = (text: string): WorkerError => {
    try {
      parse(text);
    } catch (error) {
      return error as WorkerError;
    }
    throw new Error(`${text} was taken`);
  };

  it('is a folder, a repository with a ref, or a prefix in S3; each can be pinned', () => {
    mkdirSync(join(folder(), 'ru#les'));
    const path = join(folder(), 'ru#les');
    expect(parse('ru#les')).to.deep.equal({ kind: 'folder', path, shown: path, digest: null });
    expect(parse(`file://${folder()}@sha256:${DIGEST}`)).to.deep.include({ path: folder(), digest: DIGEST });
    const git = (text: string) => {
      const { kind, ...place } = parse(text);
      expect(kind, text).to.equal('git');
      return place;
    };
    const url = 'https://github.com/acme/steering.git';
    const common = { address: url, folder: '', digest: null };
    expect(git(`${url}#v1.4.0`)).to.deep.equal({ ...common, ref: 'v1.4.0', shown: `${url}#v1.4.0` });
    expect(git(`${url}#refs/heads/main:rules/js/@sha256:${DIGEST}`)).to.deep.include({
      ref: 'refs/heads/main',
      folder: 'rules/js',
      digest: DIGEST,
    });
    expect(git('git@github.com:acme/steering.git#v1')).to.include({ address: 'git@github.com:acme/steering.git' });
    expect(git('ssh://git@example.com:2222/acme/steering.git#v1')).to.include({ ref: 'v1' });
    expect(git('http://127.0.0.1:8080/acme/steering#v1')).to.include({ ref: 'v1' });
    expect(git('.#v1')).to.include({ address: pathToFileURL(folder()).href, ref: 'v1' });
    expect(git(`file://${folder()}#v1:rules`)).to.include({ address: pathToFileURL(folder()).href, folder: 'rules' });
    expect(parse('s3://acme-rules/steering/acme/1.4.0/')).to.deep.include({
      kind: 's3',
      bucket: 'acme-rules',
      prefix: 'steering/acme/1.4.0',
    });
  });

  it('never runs a program, carries an option, goes in clear or leaves the repository', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /it is empty/],
      ['nowhere', /"nowhere": there is no such folder/],
      ['--upload-pack=touch ran', /there is no such folder/],
      ['--upload-pack=ran#v1', /neither a folder nor an address/],
      ['-oProxyCommand=ran:x#v1', /neither a folder nor an address/],
      ['ext::ran#v1', /with "ext:": packages come by https, by ssh/],
      ['ext::sh -c ran#v1', /holds a space/],
      ['fd::17#v1', /with "fd:"/],
      ['file://elsewhere/x#v1', /no valid address/],
      ['git://example.com/x#v1', /with "git:"/],
      ['ssh://-oProxyCommand=ran/x#v1', /names no server|no valid address/],
      ['ssh://-oProxyCommand=ran@example.com/x#v1', /names no server/],
      ['example.com:-x#v1', /neither a folder nor an address|with "example\.com:"/],
      ['http://example.com/acme/steering#v1', /it needs https/],
      ['https://example.com/a?b=c#v1', /with a query/],
      ['https://[::1#v1', /no valid address/],
      ['https://example.com/acme/ste\nering#v1', /nobody can see/],
      ['https://example.com/acme/steering', /does not say which version: add #REF/],
      ['https://example.com/acme/steering#', /does not say which version/],
      ['https://example.com/acme/steering#--upload-pack=ran', /no name of a tag or a branch/],
      ['https://example.com/acme/steering#a..b', /no name of a tag or a branch/],
      ['https://example.com/acme/steering#+v1', /no name of a tag or a branch/],
      ['https://example.com/acme/steering#v1:../x', /its folder cannot be one inside of the repository/],
      ['https://example.com/acme/steering#v1:/etc', /it is absolute/],
      ['https://example.com/acme/steering#v1:.git', /\.git/],
      ['s3://acme', /of letters, digits/],
      ['s3://acme/../other', /of letters, digits/],
      ['S3://acme/x', /s3:\/\/BUCKET\/PREFIX/],
      ['.@sha256:abc', /no SHA-256/],
      [`.@sha256:${'A'.repeat(64)}`, /no SHA-256/],
    ];
    for (const [text, message] of cases) {
      const { code, message: told, remedy } = refusal(text);
      expect(code, text).to.equal('ValidationError');
      expect(told, text)
        .to.match(/^--steering /)
        .and.to.match(message);
      expect(remedy).to.contain('docs/guides/steering.md');
    }
  });

  it('shows no password, however it was written', () => {
    for (const text of [
      'https://me:hunter2@example.com/x#v1',
      'https://hunter2@example.com/x#v1',
      'https://me:hunter2@exa mple.com/x#v1',
      'https//me:hunter2@example.com/x',
      'me:hunter2@example.com:x#v1',
      'ssh://git:hunter2@example.com/x#v1',
      'ftp://me:hunter2@example.com/x#v1',
      'https://me:hunter2@example.com/x',
    ]) {
      const { message, remedy } = refusal(text);
      expect(message + remedy, text).not.to.contain('hunter2');
    }
  });
});
