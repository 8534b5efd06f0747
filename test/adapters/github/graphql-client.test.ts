import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createGraphqlClient } from '../../../adapters/github/graphql-client';
import { errorCatalogue, type WorkerError } from '../../../domain/errors';
import type { Fault } from '../../../local/github/faults';
import { READER, WRITER } from '../../local/github/github-fixture';
import { failureOf } from '../../support/failure-of';
import { type GitHubBench, NOW, startGitHubBench } from '../../support/github-bench';

const VIEWER = 'query Who { viewer { login } }';
const IN_A_MINUTE = '2026-11-01T10:01:00.000Z';

describe('the GraphQL client', () => {
  let bench: GitHubBench;
  before(async () => {
    bench = await startGitHubBench();
  });
  after(() => bench.close());
  afterEach(() => bench.github.faults.clear());

  const ask = () => bench.run<{ viewer: { login: string } }>(VIEWER, {});

  it('answers, and counts what it has asked', async () => {
    const before = bench.client.requests();
    expect((await ask()).viewer.login).to.equal('worker');
    bench.github.faults.add({ kind: 'unavailable', status: 502 });
    await failureOf(ask());
    expect(bench.client.requests() - before).to.equal(2);
  });

  it('asks for the token at each request, so that a rotated one is used at once', async () => {
    const tokens = ['wrong', READER];
    const client = createGraphqlClient(
      { apiUrl: bench.github.apiUrl },
      { token: async () => tokens.shift() ?? '', now: () => NOW, pause: async () => undefined },
    );
    expect((await failureOf(client.run(VIEWER, {}))).name).to.equal('AuthenticationFailed');
    expect((await client.run<{ viewer: { login: string } }>(VIEWER, {})).viewer.login).to.equal('onlooker');
  });

  const usedUp = "GitHub's rate limit is used up until";
  const tooMany = 'GitHub got too many requests from this token in a short time; it wants none until';
  const limits: Record<string, readonly [Fault, string, string]> = {
    '200 with RATE_LIMITED': [{ kind: 'rate-limit', status: 200 }, usedUp, '11:00:00.000Z'],
    '200 with retry-after': [{ kind: 'rate-limit', status: 200, retryAfterSeconds: 90 }, usedUp, '10:01:30.000Z'],
    '403 with retry-after': [{ kind: 'rate-limit', status: 403, retryAfterSeconds: 17 }, usedUp, '10:00:17.000Z'],
    'a secondary limit as 403': [
      { kind: 'secondary-limit', status: 403, retryAfterSeconds: 5 },
      tooMany,
      '10:00:05.000Z',
    ],
    'a secondary limit as 429': [
      { kind: 'secondary-limit', status: 429, retryAfterSeconds: 5 },
      tooMany,
      '10:00:05.000Z',
    ],
  };
  for (const [form, [fault, words, until]] of Object.entries(limits))
    it(`calls ${form} RateLimited, and says until when`, async () => {
      bench.github.faults.add(fault);
      const error = await failureOf(ask());
      expect(error.name).to.equal('RateLimited');
      expect(error.message).to.equal(`${words} 2026-11-01T${until}.`);
    });

  for (const status of [502, 504] as const)
    it(`calls ${status} GitHubUnavailable`, async () => {
      bench.github.faults.add({ kind: 'unavailable', status });
      expect((await failureOf(ask())).name).to.equal('GitHubUnavailable');
    });

  it('calls a connection that is cut, or that nobody answers, GitHubUnavailable', async () => {
    bench.github.faults.add({ kind: 'connection-reset' });
    expect((await failureOf(ask())).name).to.equal('GitHubUnavailable');
    const nobody = createGraphqlClient(
      { apiUrl: 'http://127.0.0.1:9' },
      { token: async () => 't', now: () => NOW, pause: async () => undefined },
    );
    expect((await failureOf(nobody.run(VIEWER, {}))).name).to.equal('GitHubUnavailable');
  });

  it('calls what the token may not do PermissionDenied, and what is not there NotFound', async () => {
    const { run } = bench.clientOf(READER);
    const write = 'mutation Add { addComment(input: { subjectId: "x", body: "y" }) { clientMutationId } }';
    expect((await failureOf(run(write, {}))).name).to.equal('PermissionDenied');
    const read = 'query Node { node(id: "nothing") { id } }';
    expect((await failureOf(run(read, {}))).name).to.equal('NotFound');
  });

  it('calls every other refusal GitHubRefused, with the words of GitHub', async () => {
    const error = await failureOf(bench.run('query Wrong { nonsense }', {}));
    expect(error.name).to.equal('GitHubRefused');
    expect(error.message).to.match(/Field 'nonsense' doesn't exist/);
  });

  describe('with answers that the stand-in does not give', () => {
    let server: Server;
    let answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
    before((done) => {
      server = createServer((request, response) => {
        request.resume();
        response.writeHead(answer.status, answer.headers).end(answer.body);
      }).listen(0, '127.0.0.1', done);
    });
    after((done) => {
      server.close(done);
    });

    const ask = async (status: number, body: unknown, headers: Record<string, string> = {}): Promise<WorkerError> => {
      answer = {
        status,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      };
      const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { run } = createGraphqlClient(
        { apiUrl },
        { token: async () => 'ghp_0123456789abcdef0123', now: () => NOW, pause: async () => undefined },
      );
      return (await failureOf(run(VIEWER, {}))) as WorkerError;
    };

    it('knows a 403 that has only words for a limit, and waits a minute when no moment is given', async () => {
      const error = await ask(403, { message: 'You have exceeded a secondary rate limit.' });
      expect(error.name).to.equal('RateLimited');
      expect(error.message).to.match(new RegExp(IN_A_MINUTE));
    });

    it('takes the moment of x-ratelimit-reset only when nothing remains', async () => {
      const reset = { 'x-ratelimit-reset': String(Date.parse('2026-11-01T10:30:00Z') / 1000) };
      const message = { message: 'API rate limit exceeded' };
      expect((await ask(403, message, { ...reset, 'x-ratelimit-remaining': '0' })).message).to.match(/10:30:00/);
      expect((await ask(403, message, { ...reset, 'x-ratelimit-remaining': '12' })).message).to.match(/10:01:00/);
    });

    const forms: readonly (readonly [string, number, unknown, Record<string, string>, string])[] = [
      [
        'words in a 200, with nothing else',
        200,
        { errors: [{ message: 'You have exceeded a secondary rate limit.' }] },
        {},
        '10:01:00',
      ],
      [
        'the second of two errors',
        200,
        {
          errors: [
            { message: 'x' },
            { type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation ID 1.' },
          ],
        },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-11-01T10:20:00Z') / 1000) },
        '10:20:00',
      ],
      ['content that is written too quickly', 403, { message: 'was submitted too quickly' }, {}, '10:01:00'],
      [
        'a 403 whose only sign is that nothing remains',
        403,
        { message: 'Forbidden' },
        { 'x-ratelimit-remaining': '0' },
        '10:01:00',
      ],
      ['a 429 without any word', 429, {}, {}, '10:01:00'],
      ['a retry-after that is a date', 429, {}, { 'retry-after': 'Sun, 01 Nov 2026 10:07:00 GMT' }, '10:07:00'],
      [
        'a reset that has passed',
        403,
        { message: 'API rate limit exceeded' },
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
        '10:01:00',
      ],
    ];
    for (const [what, status, body, headers, until] of forms)
      it(`calls ${what} RateLimited until ${until}`, async () => {
        const error = await ask(status, body, headers);
        expect(error.name).to.equal('RateLimited');
        expect(error.message).to.include(`2026-11-01T${until}`);
      });

    it('shows what the token may not see inside of a list as null, where the caller can do with that', async () => {
      const hidden = { type: 'FORBIDDEN', path: ['node', 'items', 'nodes', 0, 'content'], message: 'SAML' };
      const data = { node: { items: { nodes: [{ content: null }] } } };
      const read = async (errors: readonly object[]) => {
        answer = {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data, errors }),
        };
        const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const deps = { token: async () => 't', now: () => NOW, pause: async () => undefined };
        return createGraphqlClient({ apiUrl }, deps).run(VIEWER, {}, { hiddenAsNull: true });
      };
      expect(await read([hidden])).to.deep.equal(data);
      expect((await failureOf(read([hidden, { type: 'FORBIDDEN', path: ['node'], message: 'no' }]))).name).to.equal(
        'PermissionDenied',
      );
      expect((await failureOf(read([hidden, { type: 'RATE_LIMITED', message: 'no' }]))).name).to.equal('RateLimited');
    });

    for (const status of [301, 302, 307, 308])
      it(`does not follow ${status}, and sends the token nowhere else`, async () => {
        const visits: (string | undefined)[] = [];
        const elsewhere = createServer((request, response) => {
          visits.push(request.headers.authorization);
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"viewer":{"login":"x"}}}');
        });
        await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
        const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/graphql`;
        const error = await ask(status, { message: 'Moved' }, { location });
        elsewhere.close();
        expect(error.name).to.equal('NotFound');
        expect(error.message).to.include(String(status)).and.include(new URL(location).host);
        expect(visits).to.deep.equal([]);
      });

    it('says where a token is authorised for single sign-on', async () => {
      const sso = { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=AZ_once' };
      const words = {
        message: 'Resource protected by organization SAML enforcement. You must grant your token access.',
      };
      const error = await ask(403, words, sso);
      expect(error.name).to.equal('PermissionDenied');
      expect(error.remedy).to.include('(https://github.com/orgs/acme/sso)').and.not.include('AZ_once');
      const said = { errors: [{ type: 'FORBIDDEN', ...words }] };
      expect((await ask(200, said, sso)).remedy).to.include('https://github.com/orgs/acme/sso');
      expect((await ask(200, said)).remedy).to.include('Configure SSO');
      expect((await ask(403, { message: 'Resource not accessible by personal access token' })).remedy).to.match(
        /doctor/,
      );
    });

    const codes: readonly (readonly [string, number, unknown, string])[] = [
      [
        'a token without SSO',
        403,
        { message: 'Resource protected by organization SAML enforcement.' },
        'PermissionDenied',
      ],
      ['no API at that address', 404, { message: 'Not Found' }, 'NotFound'],
      ['a bad request', 400, { message: 'Problems parsing JSON' }, 'GitHubRefused'],
      ['a page instead of JSON', 200, '<html>maintenance</html>', 'GitHubUnavailable'],
      ['an answer without data', 200, {}, 'GitHubUnavailable'],
      ['an answer that is null', 200, 'null', 'GitHubUnavailable'],
      ['a failure of GitHub itself', 500, 'oops', 'GitHubUnavailable'],
      [
        'scopes that are missing',
        200,
        { errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'needs read:project' }] },
        'PermissionDenied',
      ],
      [
        'a timeout inside GitHub',
        200,
        { errors: [{ message: 'Something went wrong while executing your query.' }] },
        'GitHubUnavailable',
      ],
      ['errors without words', 200, { errors: [{}] }, 'GitHubRefused'],
    ];
    for (const [what, status, body, code] of codes)
      it(`calls ${what} ${code}, without the token`, async () => {
        const error = await ask(status, body);
        expect(error.name).to.equal(code);
        expect(`${error.message} ${error.remedy}`).to.not.match(/ghp_0123/);
      });

    it('has the state machine try again exactly what may pass', () => {
      const retried = ['RateLimited', 'GitHubUnavailable'] as const;
      const final = ['PermissionDenied', 'NotFound', 'GitHubRefused', 'AuthenticationFailed'] as const;
      expect(retried.map((code) => errorCatalogue[code].retryable)).to.deep.equal([true, true]);
      expect(final.map((code) => errorCatalogue[code].retryable)).to.deep.equal([false, false, false, false]);
    });
  });

  describe('when it writes', () => {
    const WRITE = 'mutation Write { addComment(input: { subjectId: "x", body: "y" }) { clientMutationId } }';

    const writer = (spacing?: number) => {
      const clock = { now: NOW.getTime(), events: [] as string[] };
      const client = createGraphqlClient(
        { apiUrl: bench.github.apiUrl, ...(spacing === undefined ? {} : { writeSpacingMilliseconds: spacing }) },
        {
          token: async () => {
            clock.events.push('sent');
            return WRITER;
          },
          now: () => new Date(clock.now),
          pause: async (milliseconds) => {
            clock.events.push(`waited ${milliseconds}`);
            clock.now += milliseconds;
          },
        },
      );
      return { clock, write: () => failureOf(client.run(WRITE, {})), read: () => client.run(VIEWER, {}) };
    };

    it('waits until a second has passed since the last answer, also when that was a refusal, and one by one', async () => {
      const { clock, write, read } = writer();
      await Promise.all([write(), write(), read()]);
      clock.now += 400;
      await write();
      clock.now += 5_000;
      await write();
      expect(clock.events.filter((event) => event !== 'sent')).to.deep.equal(['waited 1000', 'waited 600']);
      expect(clock.events.filter((event) => event === 'sent')).to.have.length(5);
    });

    it('waits no longer than that when the clock has been put back', async () => {
      const { clock, write } = writer();
      await write();
      clock.now -= 3_600_000;
      await write();
      expect(clock.events).to.include('waited 1000');
    });

    it('does not wait where nobody counts', async () => {
      const { clock, write } = writer(0);
      await write();
      await write();
      expect(clock.events).to.deep.equal(['sent', 'sent']);
    });
  });
});
