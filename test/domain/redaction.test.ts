import { expect } from 'chai';
import { createRedactor, createSecretFinder } from '../../domain/redaction';

const token = 'ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCdE5f';

describe('createRedactor', () => {
  it('takes known values out in every form', () => {
    const redact = createRedactor(['pa$s word/1']);
    const forms = [
      'pa$s word/1',
      'pa%24s%20word%2F1',
      Buffer.from('pa$s word/1').toString('base64'),
      Buffer.from('x-access-token:pa$s word/1').toString('base64'),
    ];
    for (const form of forms) expect(redact(`<${form}>`)).to.equal('<[redacted]>');
  });

  it('takes out what has the shape of a credential', () => {
    const redact = createRedactor([]);
    for (const text of [
      token,
      'github_pat_11ABCDEFG0abcdefghij_x',
      'npm_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCdE5f',
      'ksk_abcdefgh1',
      'AKIAQ7WERT5YU3IOP2AS',
    ])
      expect(redact(`a ${text} b`), text).to.equal('a [redacted] b');
    expect(redact('https://x-access-token:abc@github.com/a')).to.equal('https://[redacted]@github.com/a');
    expect(redact('Authorization: Basic dXNlcjpwYXNz')).to.equal('Authorization: Basic [redacted]');
    expect(redact('-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nrest')).to.equal('[redacted]\nrest');
  });

  it('leaves other text alone, and short values, which would blank out everything', () => {
    const text = 'git@github.com:acme/shop.git https://github.com/acme src/ghp_x.js';
    expect(createRedactor(['', 'abc', 'hub'])(text)).to.equal(text);
  });

  it('comes to an end with megabytes that were made to hold it up', () => {
    const redact = createRedactor([token]);
    for (const hostile of ['a.'.repeat(500_000), 'authorization '.repeat(50_000), '://'.repeat(200_000)])
      expect(redact(hostile)).to.equal(hostile);
    expect(redact('-----BEGIN PRIVATE KEY-----'.repeat(20_000))).to.equal('[redacted]');
  });
});

describe('createSecretFinder', () => {
  it('finds each secret once and says what it is', () => {
    const find = createSecretFinder(['known-value-1']);
    expect(find(`${token} ${token} known-value-1 text`)).to.deep.equal([
      { what: 'a credential of this worker', value: 'known-value-1', isKnown: true },
      { what: 'a GitHub token', value: token, isKnown: false },
    ]);
  });

  it('finds nothing in placeholders and in text about credentials', () => {
    const find = createSecretFinder([]);
    for (const text of [
      'ghp_xxxxxxxxxxxxxxxxxxxxxxxx',
      'github_pat_XXXXXXXXXXXXXXXXXXXXXXXX',
      'AKIAIOSFODNN7EXAMPLE',
      '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
      'Authorization: Bearer <your token>',
      'postgres://user:password@localhost/db',
    ])
      expect(find(text), text).to.deep.equal([]);
  });
});
