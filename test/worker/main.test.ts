import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { buildErrorSchema } from '../../domain/build-result';
import { git, WRITER } from '../local/github/github-fixture';
import { makeApp } from '../support/github-app';
import {
  type Broker,
  BUCKET,
  CREDENTIALS,
  commit,
  PREFIX,
  SECRET_NAME,
  sampleItem,
  sampleLease,
  startBroker,
} from './broker-fixture';
import { handOver, startBuilder } from './git/result-fixture';

const program = join(__dirname, '../../worker/main.js');

describe('the worker program', () => {
  let broker: Broker;
  let temporary: string;

  const { app, privateKey, secret } = makeApp([{ id: 7, account: 'acme' }]);

  beforeEach(async () => {
    broker = await startBroker([app]);
    temporary = broker.newFolder();
  });
  afterEach(() => broker.close());

  const start = (variables: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: broker.endpoints.url,
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
        TMPDIR: temporary,
        NODE_NO_WARNINGS: '1',
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output.text += chunk.toString();
      });
    const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, text: output.text })),
    );
    return { child, ended };
  };
  const run = (variables: Readonly<Record<string, string>>) => start(variables).ended;
  const errorOf = (step: string) =>
    buildErrorSchema.parse(JSON.parse(broker.objects.readText(BUCKET, `${PREFIX}/${step}/error.json`) ?? '{}'));
  const acquire = async (owner: string) => {
    const acquired = await broker.locks.acquire({ item: sampleItem, owner, dryRun: false });
    expect(acquired.outcome).to.equal('acquired');
  };

  it('checks out and publishes, shows no credential, and leaves no file behind', async () => {
    const first = await run(broker.variables({ MODE: 'checkout' }));
    expect(first, first.text).to.include({ code: 0 });
    expect(broker.objects.readText(BUCKET, `${PREFIX}/checkout/checkout.json`)).to.include('"version":1');

    await acquire('execution-1');
    const builder = await startBuilder(broker);
    const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
    const { env } = await handOver(broker, builder);
    const variables = broker.variables({
      MODE: 'publish',
      VERDICT_KEY: env.verdictKey,
      VERDICT_VERSION_ID: env.verdictVersionId,
    });
    const second = await run(variables);
    expect(second, second.text).to.include({ code: 0 });
    expect(await broker.tip('feature/cart')).to.equal(head);
    expect(second.text).to.match(/^\[worker\] .*pushed/m);

    for (const secret of [WRITER, CREDENTIALS.secretAccessKey]) expect(first.text + second.text).not.to.include(secret);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('has the GitHub App give it a token for the one repository, to read for a checkout and to write for a push', async () => {
    broker.secrets.put(SECRET_NAME, secret());
    await acquire('execution-1');
    const builder = await startBuilder(broker);
    const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
    const { env } = await handOver(broker, builder);
    const pinned = { VERDICT_KEY: env.verdictKey, VERDICT_VERSION_ID: env.verdictVersionId };
    const checkedOut = await run(broker.variables({ MODE: 'checkout' }));
    const dry = await run(broker.variables({ MODE: 'publish', DRY_RUN: 'true', ...pinned }));
    expect(await broker.tip('feature/cart')).to.not.equal(head);
    const published = await run(broker.variables({ MODE: 'publish', ...pinned }));
    expect(await broker.tip('feature/cart'), published.text).to.equal(head);
    const text = [checkedOut, dry, published].map((end) => end.text).join('');
    expect(text).to.not.match(/ghs_|PRIVATE KEY/);
    for (const line of privateKey.split('\n').slice(1, 5)) expect(text).to.not.include(line);
    const asked = broker.github.requests.filter(({ kind }) => kind === 'rest').map(({ operations }) => operations[0]);
    expect(asked.filter((operation) => operation?.endsWith('access_tokens'))).to.have.length(3);
  });

  it('has the GitHub App give it a token of its own for the repository of the steering package', async () => {
    broker.secrets.put(SECRET_NAME, secret());
    await broker.github.seed({
      owners: [{ login: 'acme', kind: 'organization' }],
      repositories: ['acme/shop', 'acme/rules'].map((nameWithOwner) => ({ nameWithOwner, path: broker.bare })),
    });
    const url = `${broker.github.serverUrl}/acme/rules.git`;
    const STEERING = JSON.stringify({ kind: 'git', url, ref: 'refs/heads/main' });
    await run(broker.variables({ MODE: 'checkout', STEERING }));
    expect(errorOf('checkout').message).to.contain('"steering.json" is not in the repository');
    const asked = broker.github.requests.filter(({ kind }) => kind === 'rest').map(({ operations }) => operations[0]);
    expect(asked.filter((operation) => operation?.endsWith('access_tokens'))).to.have.length(2);
  });

  it('says what the GitHub App lacks', async () => {
    broker.secrets.put(SECRET_NAME, makeApp([]).secret());
    await run(broker.variables({ MODE: 'checkout' }));
    expect(errorOf('checkout')).to.include({ code: 'AuthenticationFailed' });
    expect(errorOf('checkout').message).to.match(/did not accept the GitHub App 4711/);
  });

  it('does not push once the lock is somebody else’s', async () => {
    await acquire('execution-1');
    const builder = await startBuilder(broker);
    await commit(builder.clone, { 'src/cart.js': 'x\n' });
    const { env } = await handOver(broker, builder);
    await acquire('execution-2');
    const { code } = await run(
      broker.variables({ MODE: 'publish', VERDICT_KEY: env.verdictKey, VERDICT_VERSION_ID: env.verdictVersionId }),
    );
    expect(code).to.equal(1);
    expect(errorOf('publish')).to.include({ step: 'Publish', code: 'LeaseLost' });
    expect(await broker.tip('feature/cart')).to.equal(builder.source.head);
    expect(sampleLease.fence).to.equal(1);
  });

  it('says in error.json why a step failed, with exit code 1, and cleans up', async () => {
    const { code, text } = await run(broker.variables({ MODE: 'checkout' }, { branch: 'feature/nowhere' }));
    expect(code).to.equal(1);
    expect(errorOf('checkout')).to.include({ step: 'Checkout', code: 'BranchNotFound' });
    expect(text).to.match(/^\[worker\] BranchNotFound: acme\/shop has no branch "feature\/nowhere"/m);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('shows a wrong credential nowhere', async () => {
    const wrong = 'a-token-that-has-no-known-shape';
    broker.secrets.put(SECRET_NAME, wrong);
    const { text } = await run(broker.variables({ MODE: 'checkout' }));
    const error = errorOf('checkout');
    expect(error.code).to.equal('AuthenticationFailed');
    for (const form of [wrong, Buffer.from(`x-access-token:${wrong}`).toString('base64')])
      expect(text + JSON.stringify(error)).not.to.include(form);
  });

  it('says that the credential was never written', async () => {
    broker.secrets.put(SECRET_NAME, ' ');
    await run(broker.variables({ MODE: 'checkout' }));
    expect(errorOf('checkout')).to.include({ code: 'SecretMissing' });
  });

  it('hands a build to the builder, whose failure is written down like the others', async () => {
    const { code } = await run(broker.variables({ MODE: 'build', AGENT_KIND: 'command', AGENT_COMMAND: 'true' }));
    expect(code).to.equal(1);
    expect(errorOf('build').step).to.equal('Build');
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('names the variables that are wrong, and does nothing', async () => {
    const { code, text } = await run({ ...broker.variables({ MODE: 'checkout' }), SPEC_PATH: 'elsewhere' });
    expect(code).to.equal(1);
    expect(text).to.match(/^\[worker\] The build's variables are wrong: SPEC_PATH is not the spec folder of WORK_ITEM/);
    expect(broker.objects.list(BUCKET, '')).to.deep.equal([]);
  });

  it('ends git and cleans up when it is told to stop', async () => {
    const bin = broker.newFolder();
    const pid = join(bin, 'pid');
    // A git that hangs in the middle of a transfer.
    const script = `#!/bin/sh\nif [ "$1" = fetch ]; then echo $$ > '${pid}'; sleep 300; fi\nPATH='${process.env.PATH}' exec git "$@"\n`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const { child, ended } = start({ ...broker.variables({ MODE: 'checkout' }), PATH: `${bin}:${process.env.PATH}` });
    const written = () => existsSync(pid) && readFileSync(pid, 'utf8').trim() !== '';
    while (!written()) await sleep(20);
    expect(readdirSync(temporary)).to.have.length(1);
    child.kill('SIGTERM');

    expect((await ended).code).to.equal(1);
    expect(errorOf('checkout')).to.include({ code: 'Interrupted' });
    expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).to.throw(/ESRCH/);
    expect(readdirSync(temporary)).to.deep.equal([]);
    expect(broker.objects.readText(BUCKET, `${PREFIX}/checkout/checkout.json`)).to.equal(null);
    expect(await git(broker.bare, 'rev-parse', 'feature/cart')).to.equal(await broker.tip('feature/cart'));
  });

  it('comes to the same end after it was killed at any moment', async () => {
    await acquire('execution-1');
    const builder = await startBuilder(broker);
    const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
    const { env } = await handOver(broker, builder);
    const variables = broker.variables({
      MODE: 'publish',
      VERDICT_KEY: env.verdictKey,
      VERDICT_VERSION_ID: env.verdictVersionId,
    });
    const moments = Array.from({ length: 6 }, () => Math.floor(Math.random() * 900));
    for (const moment of moments) {
      const { child, ended } = start(variables);
      await sleep(moment);
      child.kill('SIGKILL');
      await ended;
      expect([builder.source.head, head], `killed after ${moments} ms`).to.include(await broker.tip('feature/cart'));
    }
    const { code, text } = await run(variables);
    expect(code, `killed after ${moments} ms: ${text}`).to.equal(0);
    expect(await broker.tip('feature/cart')).to.equal(head);
    expect(broker.objects.readText(BUCKET, `${PREFIX}/publish/publish.json`)).to.include(head);
    await git(broker.bare, 'fsck', '--strict');
  });
});
