import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { zipSync } from 'fflate';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import { startDynamoDb } from '../../local/aws/dynamodb';
import { openEndpoints } from '../../local/aws/endpoints';
import { createObjectStore, type ObjectStore } from '../../local/aws/object-store';
import { type CliEnd, startCli } from '../scenarios/support/run-cli';

const KEY = {
  accessKeyId: 'AKIALOCALTESTONLY001',
  secretAccessKey: 'a-key-for-this-test-only',
  sessionToken: 'a-session',
};

const elfFor = (machine: number): Uint8Array => {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([machine, 0], 18);
  return bytes;
};

describe('kiro-worker agent, for an environment in AWS', function () {
  this.timeout(60_000);
  const [environment] = loadEnvironments();
  const folder = mkdtempSync(join(tmpdir(), 'agent commands-'));
  const bucket = environment ? namesOf(environment).releasesBucket : '';
  let objects: ObjectStore;
  let url = '';
  let close = async (): Promise<void> => undefined;
  before(async () => {
    if (!environment) throw new Error('there is no environment');
    objects = createObjectStore(join(folder, 'objects'), { buckets: [bucket], now: () => new Date() });
    const dynamoDb = await startDynamoDb(join(folder, 'tables'));
    const endpoints = await openEndpoints(0);
    endpoints.serve({
      credentials: new Map([[KEY.accessKeyId, { ...KEY, role: 'operator' }]]),
      services: [],
      rest: [],
      objects,
      account: environment.account,
      dynamoDb,
    });
    url = endpoints.url;
    close = async () => {
      await endpoints.close();
      await dynamoDb.close();
    };
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (...args: readonly string[]): Promise<CliEnd> => {
    mkdirSync(join(folder, 'here'), { recursive: true });
    const env = {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      AWS_SESSION_TOKEN: KEY.sessionToken,
    };
    return startCli([...args, '--env', environment?.name ?? ''], { cwd: join(folder, 'here'), env }).ended;
  };
  const zip = (name: string, program: Uint8Array): string => {
    writeFileSync(
      join(folder, name),
      zipSync({ 'kirocli/bin/kiro-cli': program, 'kirocli/bin/kiro-cli-chat': program }),
    );
    return join(folder, name);
  };

  it('lists nothing at first, and says what to do', async () => {
    const { code, stdout } = await run('agent', 'list');
    expect([code, stdout]).to.deep.equal([0, 'There is none. kiro-worker agent add FILE adds one.\n']);
  });

  it('adds a zip under its digest to the bucket of the environment, and says how to pin it', async () => {
    const { code, stdout, stderr } = await run('agent', 'add', zip('arm.zip', elfFor(183)));
    expect([code, stderr]).to.deep.equal([0, '']);
    const [, sha256 = ''] = /^SHA-256 ([0-9a-f]{64})$/m.exec(stdout) ?? [];
    expect(stdout).to.match(/^arm\.zip \(0\.\d kB, aarch64\) is now in s3:/);
    expect(stdout).to.contain(`agent: { kind: 'kiro-cli', engine: 'v2', sha256: '${sha256}' },`);
    expect(objects.find(bucket, `agents/${sha256}.zip`)).to.include({ sha256, contentType: 'application/zip' });
    expect((await run('agent', 'list')).stdout).to.match(new RegExp(`^${sha256}  arm\\.zip +aarch64 +0\\.\\d kB`, 'm'));
  });

  it('warns of a program that the builder cannot run', async () => {
    const path = zip('intel.zip', elfFor(62));
    const { code, stderr } = await run('agent', 'add', path);
    expect(code).to.equal(0);
    expect(stderr).to.match(/Warning: Its kiro-cli is for x86_64; the builder in AWS is aarch64/);
    const again = JSON.parse((await run('agent', 'add', path, '--json')).stdout) as {
      agent: { processor: string };
      places: readonly { outcome: string; warnings: readonly string[] }[];
    };
    expect([again.agent.processor, again.places[0]?.outcome]).to.deep.equal(['x86_64', 'already-there']);
    expect(again.places[0]?.warnings).to.have.length(1);
    const { agents } = JSON.parse((await run('agent', 'list', '--json')).stdout) as {
      agents: readonly { file: string; environment: string }[];
    };
    expect(agents.map(({ file, environment: name }) => [file, name])).to.deep.equal([
      ['arm.zip', environment?.name],
      ['intel.zip', environment?.name],
    ]);
  });

  it('warns of a program that is none for Linux', async () => {
    const macOs = new Uint8Array(64);
    macOs.set([0xcf, 0xfa, 0xed, 0xfe]);
    const { code, stderr } = await run('agent', 'add', zip('mac.zip', macOs));
    expect([code, stderr]).to.deep.equal([
      0,
      'Warning: Its kiro-cli is no Linux program; the builder in AWS is Linux on aarch64 and can run a script at most.\n',
    ]);
  });

  it('refuses what builds could not unpack or not run, before anything is put into the bucket', async () => {
    const refusal = async (name: string, content: Uint8Array): Promise<string> => {
      writeFileSync(join(folder, name), content);
      const { code, stdout, stderr } = await run('agent', 'add', join(folder, name));
      return `${code} ${stdout}${stderr}`;
    };
    const program = elfFor(183);
    const good = zipSync({ 'kirocli/bin/kiro-cli': [program, { level: 0 }] });
    const damaged = Buffer.from(good);
    damaged[damaged.indexOf('kirocli/bin/kiro-cli') + 60] = 1;
    expect(await refusal('damaged.zip', damaged)).to.match(/^2 .*is damaged at "kirocli\/bin\/kiro-cli"\. Get it anew/);
    expect(await refusal('cut.zip', good.subarray(0, 40))).to.match(/^2 .*is no zip file/);
    expect(await refusal('empty.zip', zipSync({ 'kirocli/bin/kiro-cli': new Uint8Array() }))).to.match(
      /^2 .*holds no program kiro-cli/,
    );
    expect(await refusal('two.zip', zipSync({ 'a/kiro-cli': program, 'b/kiro-cli': program }))).to.match(
      /^2 .*two programs kiro-cli: "a\/kiro-cli" and "b\/kiro-cli"/,
    );
    mkdirSync(join(folder, 'unpacked'));
    expect((await run('agent', 'add', join(folder, 'unpacked'))).stderr).to.match(/ValidationError: .*it is no file/);
    const { agents } = JSON.parse((await run('agent', 'list', '--json')).stdout) as { agents: readonly object[] };
    expect(agents).to.have.length(3);
  });
});
