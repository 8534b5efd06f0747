import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readTokenFacts } from '../../../adapters/github/token-facts';
import { failureOf } from '../../support/failure-of';

describe('readTokenFacts', () => {
  const ask = async (status: number, body: object, headers: Record<string, string> = {}) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await readTokenFacts(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'ghp_x');
    } finally {
      server.close();
    }
  };

  it('reads scopes, end and points', async () => {
    const headers = {
      'x-oauth-scopes': 'project, repo',
      'github-authentication-token-expiration': '2026-12-01 10:00:00 UTC',
    };
    const facts = await ask(200, { resources: { graphql: { limit: 5000, remaining: 12 } } }, headers);
    expect(facts).to.deep.include({ scopes: ['project', 'repo'], points: { limit: 5000, remaining: 12 } });
    expect(facts.expiresAt?.toISOString()).to.equal('2026-12-01T10:00:00.000Z');
  });

  it('reads the scopes also on an Enterprise Server whose limits are switched off', async () => {
    const facts = await ask(404, { message: 'Rate limiting is not enabled.' }, { 'x-oauth-scopes': 'project' });
    expect(facts).to.deep.include({ scopes: ['project'], points: null });
  });

  it('takes every other 404 for a wrong address', async () => {
    expect((await failureOf(ask(404, { message: 'Not Found' }))).name).to.equal('NotFound');
  });
});
