import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { openGit } from '../../../adapters/git/git';
import { openRemote } from '../../../adapters/git/remote-repository';
import { WRITER } from '../../local/github/github-fixture';
import { type Broker, refusal, startBroker } from '../../worker/broker-fixture';

const searchPath = process.env.PATH ?? '';

/** Answers every request the same way, and remembers what was asked. */
const startServer = async (status: number, headers: Record<string, string>, body = '') => {
  const asked: { url: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    request.resume();
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, asked, close };
};

describe('a remote repository', () => {
  let broker: Broker;
  beforeEach(async () => {
    broker = await startBroker();
  });
  afterEach(() => broker.close());

  const open = async (serverUrl: string, options: { searchPath?: string; token?: string } = {}) => {
    const gitDir = join(broker.newFolder(), 'x.git');
    mkdirSync(gitDir);
    await openGit(gitDir, { searchPath }).run(['init', '--quiet', '--bare']);
    const git = openGit(gitDir, { searchPath: options.searchPath ?? searchPath });
    const pause = async (milliseconds: number) => {
      broker.pauses.push(milliseconds);
    };
    return openRemote(
      { serverUrl, repository: 'acme/shop' },
      { git, token: options.token ?? WRITER, pause, random: () => 1 },
    );
  };

  it('lists its branches and says which is the default', async () => {
    const { defaultBranch, tips } = await (await open(broker.github.serverUrl)).readBranches();
    expect(defaultBranch).to.equal('main');
    expect([...tips.keys()]).to.deep.equal(['feature/cart', 'main']);
    expect(tips.get('main')).to.equal(await broker.tip('main'));
  });

  it('sends the credential in a header, to its own server', async () => {
    const server = await startServer(404, {}, 'Repository not found.\n');
    try {
      await refusal((await open(server.url)).readBranches(), 'NotFound');
      const basic = Buffer.from(`x-access-token:${WRITER}`).toString('base64');
      expect(server.asked[0]?.headers.authorization).to.equal(`Basic ${basic}`);
      expect(server.asked[0]?.url).to.equal('/acme/shop.git/info/refs?service=git-upload-pack');
    } finally {
      server.close();
    }
  });

  it('follows no redirect, so that the credential goes nowhere else', async () => {
    const thief = await startServer(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    const server = await startServer(301, { location: `${thief.url}/acme/shop.git/info/refs?service=git-upload-pack` });
    try {
      const error = await refusal((await open(server.url)).readBranches(), 'NotFound');
      expect(error.message).to.match(/another address, where the credential must not go/);
      expect(server.asked).to.have.length(1);
      expect(thief.asked).to.deep.equal([]);
    } finally {
      server.close();
      thief.close();
    }
  });

  it('shows the credential on no command line, and to git alone', async () => {
    const seen = join(broker.folder, 'seen');
    const bin = broker.newFolder();
    const script = `#!/bin/sh\necho "$@" >> '${seen}'\necho "env $(env | grep -c extraHeader)" >> '${seen}'\nPATH='${searchPath}' exec git "$@"\n`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const remote = await open(broker.github.serverUrl, { searchPath: `${bin}:${searchPath}` });
    await remote.readBranches();
    await remote.fetch({ 'refs/heads/main': 'refs/heads/base' });
    const text = readFileSync(seen, 'utf8');
    expect(text)
      .to.match(/ls-remote/)
      .and.match(/fetch/)
      .and.match(/env 1/);
    expect(text).not.to.include(WRITER);
    expect(text).not.to.include(Buffer.from(`x-access-token:${WRITER}`).toString('base64'));
  });

  it('waits longer after each transient failure, and asks four times in all', async () => {
    broker.github.faults.add({ kind: 'unavailable', status: 504, count: Number.POSITIVE_INFINITY });
    const error = await refusal((await open(broker.github.serverUrl)).readBranches(), 'RepositoryUnreachable');
    expect(error.message).to.match(/504/);
    expect(broker.pauses).to.deep.equal([500, 1000, 2000]);
  });

  it('knows a rate limit, in both forms', async () => {
    const remote = await open(broker.github.serverUrl);
    broker.github.faults.add({ kind: 'rate-limit', status: 403, count: 4 });
    await refusal(remote.readBranches(), 'RateLimited');
    broker.github.faults.add({ kind: 'secondary-limit', status: 429, count: 4 });
    await refusal(remote.readBranches(), 'RateLimited');
  });

  it('says when a branch went away between the look and the fetch', async () => {
    const remote = await open(broker.github.serverUrl);
    await refusal(remote.fetch({ 'refs/heads/nowhere': 'refs/heads/work' }), 'BranchNotFound');
  });

  it('knows a denied read', async () => {
    const server = await startServer(
      403,
      { 'content-type': 'text/plain' },
      'Resource protected by organization SAML enforcement.\n',
    );
    try {
      const error = await refusal((await open(server.url)).readBranches(), 'PermissionDenied');
      expect(error.message).to.match(/SAML enforcement/);
    } finally {
      server.close();
    }
  });
});
