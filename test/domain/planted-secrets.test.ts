import { expect } from 'chai';
import fc from 'fast-check';
import { createRedactor } from '../../domain/redaction';

/** What issuers give out: letters, digits and signs; also several lines (a key) and characters that URLs and JSON write differently. */
const secrets = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{8,60}$/),
    fc.stringMatching(/^[ -~]{8,40}$/),
    fc
      .array(fc.stringMatching(/^[A-Za-z0-9+/]{16,64}$/), { minLength: 2, maxLength: 5 })
      .map((lines) => lines.join('\n')),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 20 }),
  )
  // A secret that is part of "[redacted]" cannot be hidden by it, and nobody keeps one whose ends are blanks.
  .filter((secret) => secret === secret.trim() && secret.length >= 8 && !'[redacted]'.includes(secret));

const around = fc.string({ maxLength: 12 });

type Writing = (secret: string, before: string, after: string) => string;
const writings: Readonly<Record<string, Writing>> = {
  plain: (secret, before, after) => before + secret + after,
  'as an argument': (secret) => `curl -H 'x: ${secret}' --token="${secret}"`,
  'in a URL': (secret, before) =>
    `https://x-access-token:${encodeURIComponent(secret)}@github.com/${encodeURIComponent(before)}`,
  'in a query': (secret, before) => `https://x.io/?${new URLSearchParams({ a: before, token: secret })}`,
  'in JSON': (secret, before) => JSON.stringify({ before, token: secret }),
  'in JSON in JSON': (secret, before) => JSON.stringify(JSON.stringify({ before, token: secret })),
  'in hexadecimal': (secret, before) => Buffer.from(before + secret).toString('hex'),
  'in capital hexadecimal': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'in Base64': (secret, before, after) => Buffer.from(before + secret + after).toString('base64'),
  'in Base64 for URLs': (secret, before, after) => Buffer.from(before + secret + after).toString('base64url'),
  'in a Basic header': (secret) => `authorization: Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`,
  'line by line': (secret, before) =>
    secret
      .split('\n')
      .map((line) => `${before} | ${line}`)
      .join('\n'),
};

/** Everything that somebody who tries hard can read out of a text. */
const readings = (text: string): string => {
  const runs = text.match(/[A-Za-z0-9+/_-]{6,}={0,2}/g) ?? [];
  const decoded = runs.flatMap((run) => [
    ...[0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString()),
    Buffer.from(run, 'hex').toString(),
  ]);
  const unescaped = [text, text.replaceAll('\\"', '"').replaceAll('\\\\', '\\')].map((form) => {
    try {
      return decodeURIComponent(form.replaceAll('+', ' '));
    } catch {
      return form;
    }
  });
  return [text, ...decoded, ...unescaped].join('\n');
};

describe('a planted secret', () => {
  for (const [form, write] of Object.entries(writings))
    it(`cannot be read any more where it was written ${form}`, () => {
      fc.assert(
        fc.property(secrets, around, around, (secret, before, after) => {
          // By chance it may stand in what is around it, in another form.
          fc.pre(!readings(before + after).includes(secret));
          const redacted = createRedactor([secret])(write(secret, before, after));
          for (const part of secret.split('\n')) expect(readings(redacted)).to.not.contain(part);
        }),
        { numRuns: 150 },
      );
    });

  it('is found among several, be it part of another one', () => {
    const redact = createRedactor(['ghp_short1', 'ghp_short1_and_longer', 'other-value']);
    expect(redact('a ghp_short1_and_longer b ghp_short1 c other-value d')).to.equal(
      'a [redacted] b [redacted] c [redacted] d',
    );
  });

  it('of AWS is found by its name, whoever holds it', () => {
    const redact = createRedactor([]);
    const key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY';
    for (const text of [
      `AWS_SECRET_ACCESS_KEY=${key}`,
      `"SecretAccessKey": "${key}"`,
      `aws_session_token = ${key}==`,
      `sessionToken: '${key}'`,
    ])
      expect(redact(text).replace(key, 'still here'), text)
        .to.match(/\[redacted\]/)
        .and.not.match(/still here/);
    expect(redact('secretAccessKey: () => credentials.read()')).to.equal('secretAccessKey: () => credentials.read()');
  });

  it('with a word before it is found all the same', () => {
    const token = 'ghp_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zCdE5f';
    for (const text of [`TOKEN_${token}`, `_${token}_`, `x=${token}`, `"${token}"`])
      expect(createRedactor([])(text), text).to.not.contain(token.slice(4));
  });

  it('does not make a redactor fail, whatever it is', () => {
    for (const secret of ['\ud800'.repeat(7), '\0\0\0\0\0\0\0', '$&$&$&$&', '(((((((', '\\\\\\\\\\\\\\'])
      expect(createRedactor([secret])(`a ${secret} b`)).to.contain('[redacted]');
  });
});

describe('createRedactor, given a megabyte on one line,', () => {
  const MEGABYTE = 1024 * 1024;
  const hostile: Record<string, string> = {
    letters: 'a',
    'words with dots': 'a.',
    'schemes without end': 'https://',
    'half addresses': 'a://b',
    'names of keys': 'aws_secret_access_key',
    'keys and blanks': 'session_token        ',
    'beginnings of keys': '-----BEGIN PRIVATE KEY-----',
    'ends of keys': '-----END ',
    'beginnings of tokens': 'ghp_',
    headers: 'authorization: basic ',
    Base64: 'QUJD',
    'parts of the secret': 'known-secret-valu',
  };
  for (const [what, piece] of Object.entries(hostile))
    it(`of ${what} comes to an end soon`, () => {
      const redact = createRedactor(['known-secret-value', 'x'.repeat(500)]);
      const started = Date.now();
      redact(piece.repeat(MEGABYTE / piece.length));
      expect(Date.now() - started).to.be.below(3_000);
    });
});
