import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { WorkerError } from '../../domain/errors';
import { githubAddress } from '../../domain/github-address';
import { parseGitHubCredential, tokenKindOf } from '../../domain/github-credential';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';

const problem = (act: () => unknown): WorkerError => {
  try {
    act();
  } catch (error) {
    if (error instanceof WorkerError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parseGitHubCredential', () => {
  const kinds = {
    ghp_1: 'classic',
    github_pat_1: 'fine-grained',
    gho_1: 'oauth',
    ghu_1: 'app-user',
    ghs_1: 'installation',
    '0123456789abcdef0123456789abcdef01234567': 'unknown',
  };
  for (const [token, kind] of Object.entries(kinds))
    it(`takes ${token.slice(0, 11)} for a token that is ${kind}`, () => {
      expect(tokenKindOf(token)).to.equal(kind);
      expect(parseGitHubCredential(`${token}\n`, 'X')).to.deep.equal({ kind: 'token', token, tokenKind: kind });
    });

  it('reads a GitHub App, with the line ends of its key in either form', () => {
    for (const privateKey of [KEY, KEY.replaceAll('\n', '\\n'), `${KEY}\n`]) {
      const text = JSON.stringify({ appId: '12', installationId: '34', privateKey });
      const app = parseGitHubCredential(text, 'X');
      expect(app).to.deep.equal({ kind: 'app', appId: '12', installationId: 34, privateKey: `${KEY}\n` });
    }
    const bare = parseGitHubCredential(JSON.stringify({ appId: 'Iv1.abc', privateKey: KEY }), 'X');
    expect(bare).to.include({ appId: 'Iv1.abc', installationId: null });
  });

  for (const type of ['pkcs1', 'pkcs8'] as const)
    it(`reads a ${type} key whatever has become of its line ends`, () => {
      const options = {
        modulusLength: 2048,
        privateKeyEncoding: { type, format: 'pem' as const },
        publicKeyEncoding: { type: 'spki' as const, format: 'pem' as const },
      };
      const { privateKey } = generateKeyPairSync('rsa', options);
      const forms = {
        crlf: privateKey.replaceAll('\n', '\r\n'),
        letters: privateKey.replaceAll('\n', '\\n'),
        'letters of crlf': privateKey.replaceAll('\n', '\\r\\n'),
        blanks: privateKey.replaceAll('\n', ' '),
        'one line': privateKey.replaceAll('\n', ''),
        base64: Buffer.from(privateKey).toString('base64'),
        'base64 in lines': Buffer.from(privateKey.replaceAll('\n', '\r\n'))
          .toString('base64')
          .replace(/.{76}/g, '$&\n'),
      };
      for (const [form, text] of Object.entries(forms)) {
        const app = parseGitHubCredential(JSON.stringify({ appId: 1, privateKey: text }), 'X');
        expect(app.kind === 'app' && app.privateKey, form).to.equal(privateKey);
      }
    });

  const refused: Record<string, readonly [string, RegExp]> = {
    nothing: [' \n', /^X is empty/],
    'a refresh token': ['ghr_abc', /refresh token/],
    'a key alone': [KEY, /without the id/],
    'two words': ['ghp_secret ghp_secret', /spaces or control characters/],
    'half of an object': ['{"privateKey":"ghp_secret', /begins like JSON/],
    'an App without a key': ['{"appId":1}', /privateKey/],
    'an App without an id': [JSON.stringify({ privateKey: KEY }), /appId/],
    'the first line of a key': [JSON.stringify({ appId: 1, privateKey: '-----BEGIN PRIVATE KEY-----' }), /whole PEM/],
    'a key with a passphrase': [
      JSON.stringify({ appId: 1, privateKey: KEY.replaceAll('RSA', 'ENCRYPTED') }),
      /privateKey: must be the whole PEM/,
    ],
    'a certificate': [
      JSON.stringify({ appId: 1, privateKey: KEY.replaceAll('RSA PRIVATE KEY', 'CERTIFICATE') }),
      /must be the whole PEM/,
    ],
    'what it does not know': [JSON.stringify({ appId: 1, privateKey: KEY, ghp_secret: 1 }), /it: /],
  };
  for (const [what, [text, words]] of Object.entries(refused))
    it(`refuses ${what}, says what to write, and shows no secret`, () => {
      const error = problem(() => parseGitHubCredential(text, 'X'));
      expect(error.name).to.equal('AuthenticationFailed');
      expect(error.message).to.match(words);
      expect(error.remedy).to.not.equal('');
      expect(`${error.message}${error.stack}`).to.not.match(/MIIE/);
    });
});

describe('githubAddress', () => {
  const at = (apiUrl: string, serverUrl: string) => ({ apiUrl, serverUrl });
  const cases: readonly (readonly [Record<string, string>, ReturnType<typeof at>])[] = [
    [{}, at('https://api.github.com', 'https://github.com')],
    [{ GITHUB_SERVER_URL: 'https://github.com/' }, at('https://api.github.com', 'https://github.com')],
    [
      { GITHUB_SERVER_URL: 'https://git.acme.example' },
      at('https://git.acme.example/api/v3', 'https://git.acme.example'),
    ],
    [
      { GITHUB_API_URL: 'https://git.acme.example/api/v3/' },
      at('https://git.acme.example/api/v3', 'https://git.acme.example'),
    ],
    [
      { GITHUB_GRAPHQL_URL: 'https://git.acme.example/api/graphql' },
      at('https://git.acme.example/api/v3', 'https://git.acme.example'),
    ],
    [{ GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql' }, at('https://api.github.com', 'https://github.com')],
    [{ GITHUB_SERVER_URL: 'https://acme.ghe.com' }, at('https://api.acme.ghe.com', 'https://acme.ghe.com')],
    [{ GITHUB_API_URL: 'https://api.acme.ghe.com' }, at('https://api.acme.ghe.com', 'https://acme.ghe.com')],
    [{ GITHUB_API_URL: 'http://127.0.0.1:8080' }, at('http://127.0.0.1:8080', 'http://127.0.0.1:8080')],
    [{ GITHUB_SERVER_URL: 'http://localhost:1' }, at('http://localhost:1', 'http://localhost:1')],
    [
      { GITHUB_API_URL: 'http://127.0.0.1:1', GITHUB_SERVER_URL: 'http://127.0.0.1:2' },
      at('http://127.0.0.1:1', 'http://127.0.0.1:2'),
    ],
  ];
  for (const [variables, address] of cases)
    it(`finds ${address.apiUrl} by ${JSON.stringify(variables)}`, () =>
      expect(githubAddress(variables)).to.deep.equal(address));

  for (const [variables, words] of [
    [{ GITHUB_API_URL: 'http://api.github.com' }, /in clear/],
    [{ GITHUB_API_URL: 'http://127.0.0.1.evil.example' }, /in clear/],
    [{ GITHUB_SERVER_URL: 'github.com' }, /GITHUB_SERVER_URL is no URL/],
    [{ GITHUB_API_URL: 'https://x:planted@github.com' }, /user or password/],
    [{ GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql?a=1' }, /more than a server/],
  ] as const)
    it(`refuses ${JSON.stringify(variables)}`, () => {
      const error = problem(() => githubAddress(variables));
      expect(error.message)
        .to.match(words)
        .and.not.match(/planted/);
    });
});
