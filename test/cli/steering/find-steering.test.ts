import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { CliContext } from '../../../cli/command';
import { type FoundSteering, findSteering } from '../../../cli/steering/find-steering';
import type { WorkerError } from '../../../domain/errors';
import { git } from '../../local/github/github-fixture';
import { temporaryFolder } from '../../support/temporary-folder';
import { CREDENTIALS, RELEASES, startBroker } from '../../worker/broker-fixture';

type Files = Readonly<Record<string, string | Buffer>>;

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
const manifestOf = (files: Files, release = '1.0.0'): string =>
  JSON.stringify({
    version: 1,
    name: 'acme',
    release,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      sha256: sha256(text),
      bytes: Buffer.from(text).length,
    })),
  });
const RULES = { 'security.md': 'Never print a secret.\n' };
const PACKAGE = { ...RULES, 'steering.json': manifestOf(RULES) };

describe('kiro-worker run --steering, before it starts', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const printed: string[] = [];
  const find = async (place: string, env: Readonly<Record<string, string>> = {}): Promise<FoundSteering | null> => {
    const context: CliContext = {
      cwd: folder(),
      env: { PATH: process.env.PATH, HOME: folder(), ...env },
      signal: new AbortController().signal,
      print: () => undefined,
      printError: (line) => printed.push(line),
      colors: false,
    };
    return findSteering({ positionals: [], options: { steering: place }, json: undefined }, context);
  };
  const problem = async (place: string, code: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const error = await find(place, env).then(
      () => new Error('it was taken'),
      (failure: WorkerError) => failure,
    );
    expect(error.name, error.message).to.equal(code);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('kiro-steering-'))).to.deep.equal([]);
    return error.message;
  };
  const write = (place: string, files: Files): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder(), place, path)), { recursive: true });
      writeFileSync(join(folder(), place, path), content);
    }
    return join(folder(), place);
  };
  const commit = async (place: string, files: Files): Promise<string> => {
    const path = write(place, files);
    if (!existsSync(join(path, '.git'))) await git('/', 'init', '-q', '-b', 'main', path);
    await git(path, 'add', '-A', '--force');
    await git(path, 'commit', '-qm', 'rules');
    return path;
  };
  const serve = async <T>(answer: RequestListener, use: (url: string) => Promise<T>): Promise<T> => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('takes a folder, and says which one when it is no package', async () => {
    const path = write('rules', PACKAGE);
    const found = await find('rules');
    const digest = sha256(PACKAGE['steering.json']);
    expect(found?.setting).to.deep.equal({ source: path, name: 'acme', release: '1.0.0', digest, isPinned: false });
    expect(printed.at(-1)).to.equal(`Steering: acme 1.0.0, 1 file, sha256:${digest}`);
    expect((await find(`rules@sha256:${digest}`))?.setting.isPinned).to.equal(true);
    expect(await problem(`rules@sha256:${'0'.repeat(64)}`, 'SteeringInvalid')).to.equal(
      `The steering package, ${path}: it cannot be used: the SHA-256 of its steering.json is ${digest}; pinned is ${'0'.repeat(64)}.`,
    );

    write('bare', RULES);
    expect(await problem('bare', 'SteeringInvalid'))
      .to.contain("npx kiro-worker steering pack '")
      .and.contain('bare');
    write('changed', { ...PACKAGE, 'security.md': 'Always print a secret\n' });
    expect(await problem('changed', 'SteeringInvalid')).to.match(/the SHA-256 of "security\.md" is/);
    write('gone', { 'steering.json': manifestOf(RULES) });
    expect(await problem('gone', 'SteeringInvalid')).to.contain('"security.md" is not there');
    write('afile', {});
    write('.', { afile: 'x' });
    expect(await problem('afile', 'SteeringInvalid')).to.match(/"steering\.json" cannot be read: ENOTDIR/);
  });

  it('follows no link of a folder, opens no pipe, and reads nothing that is too large', async () => {
    write('linked', { 'steering.json': manifestOf({ 'security.md': 'secret', 'deep/a.md': 'secret' }) });
    write('outside', { 'a.md': 'secret' });
    symlinkSync(join(folder(), 'outside/a.md'), join(folder(), 'linked/security.md'));
    expect(await problem('linked', 'SteeringInvalid')).to.contain('"security.md" is a link, or lies behind one');
    write('behind', { 'steering.json': manifestOf({ 'deep/a.md': 'secret' }) });
    symlinkSync(join(folder(), 'outside'), join(folder(), 'behind/deep'));
    expect(await problem('behind', 'SteeringInvalid')).to.contain('"deep/a.md" is a link, or lies behind one');
    write('folder', { 'steering.json': manifestOf({ 'a.md': 'x' }), 'a.md/b.md': 'x' });
    expect(await problem('folder', 'SteeringInvalid')).to.contain('"a.md" is no regular file');
    write('huge', PACKAGE);
    truncateSync(join(folder(), 'huge/security.md'), 1024 ** 3);
    expect(await problem('huge', 'SteeringInvalid')).to.contain('"security.md" has 1073741824 bytes; at most 22');
    truncateSync(join(folder(), 'huge/steering.json'), 1024 ** 3);
    expect(await problem('huge', 'SteeringInvalid')).to.contain('"steering.json" has 1073741824 bytes; at most 65536');
  });

  it('takes a tag or a branch, and names what there is when there is none', async () => {
    const path = await commit('repo', { ...PACKAGE, 'unlisted/evil.sh': 'exit 1\n' });
    chmodSync(join(path, 'security.md'), 0o755);
    await git(path, 'commit', '-qam', 'a program');
    await git(path, 'tag', '-a', 'v1', '-m', 'v1');
    const tip = await git(path, 'rev-parse', 'HEAD');
    expect((await find('repo#v1'))?.content.files.get('security.md')).to.equal(RULES['security.md']);
    expect(printed.at(-2)).to.equal(`Steering: refs/tags/v1 of ${pathToFileURL(path).href} is commit ${tip}`);
    expect((await find('repo#main'))?.setting.source).to.equal('repo#main');
    expect((await find('repo#refs/heads/main'))?.setting.release).to.equal('1.0.0');
    expect(await problem('repo#v9', 'SteeringInvalid')).to.equal(
      'The steering package, repo#v9: it cannot be used: there is no tag and no branch "v9"; tags are v1.',
    );
    expect(await problem('repo#v1:rules', 'SteeringInvalid')).to.contain('"steering.json" is not in the repository');
    await git(path, 'branch', 'v1');
    expect(await problem('repo#v1', 'SteeringInvalid')).to.contain('write #refs/tags/v1 or #refs/heads/v1');
    expect((await find('repo#refs/tags/v1'))?.setting.release).to.equal('1.0.0');
  });

  it('gives the run what the branch held when it was asked, whatever is pushed later', async () => {
    const path = await commit('moving', PACKAGE);
    const found = await find('moving#main');
    const next = { 'security.md': 'Print all.\n' };
    await commit('moving', { ...next, 'steering.json': manifestOf(next, '2.0.0') });
    expect(found?.content.files.get('security.md')).to.equal(RULES['security.md']);
    expect((await find('moving#main'))?.setting.release).to.equal('2.0.0');
    expect(await problem(`${path}#main@sha256:${found?.content.digest}`, 'SteeringInvalid')).to.contain('; pinned is');
  });

  it('brings no link, no submodule and no large file out of a repository, and runs nothing of it', async () => {
    const path = await commit('odd', { 'steering.json': manifestOf({ 'a.md': 'x' }) });
    symlinkSync('/etc/passwd', join(path, 'a.md'));
    await git(path, 'add', '-A');
    await git(path, 'commit', '-qm', 'link');
    expect(await problem('odd#main', 'SteeringInvalid')).to.contain('"a.md" is no regular file');
    const tip = await git(path, 'rev-parse', 'HEAD');
    await git(path, 'rm', '-q', 'a.md');
    await git(path, 'update-index', '--add', '--cacheinfo', `160000,${tip},a.md`);
    await git(path, 'commit', '-qm', 'submodule');
    expect(await problem('odd#main', 'SteeringInvalid')).to.contain('"a.md" is no regular file');

    const large = await commit('large', {
      'steering.json': manifestOf({ 'a.md': 'x' }),
      'a.md': Buffer.alloc(400_000),
    });
    await git(large, 'config', 'uploadpack.allowFilter', 'true');
    expect(await problem('large#main', 'SteeringInvalid')).to.contain('"a.md" has more than 262144 bytes');
    await git(large, 'config', 'uploadpack.allowFilter', 'false');
    expect(await problem('large#main', 'SteeringInvalid')).to.contain('"a.md" has 400000 bytes; at most 1');

    const hooked = await commit('hooked', PACKAGE);
    const ran = join(folder(), 'ran');
    for (const hook of ['post-checkout', 'reference-transaction', 'post-upload-pack', 'pre-receive']) {
      writeFileSync(join(hooked, '.git/hooks', hook), `#!/bin/sh\ntouch '${ran}'\n`);
      chmodSync(join(hooked, '.git/hooks', hook), 0o755);
    }
    expect((await find('hooked#main'))?.setting.release).to.equal('1.0.0');
    expect(existsSync(ran)).to.equal(false);
  });

  it('takes a prefix in S3 by the AWS credentials of the person, and says which bucket does not have it', async () => {
    const broker = await startBroker();
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: broker.endpoints.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    });
    try {
      const path = write('rules', PACKAGE);
      for (const name of Object.keys(PACKAGE)) await broker.releases.upload(`rules/1.0.0/${name}`, join(path, name));
      const found = await find(`s3://${RELEASES}/rules/1.0.0`);
      expect(found?.setting).to.include({ source: `s3://${RELEASES}/rules/1.0.0`, release: '1.0.0' });
      expect(await problem(`s3://${RELEASES}/rules/2.0.0`, 'SteeringInvalid')).to.equal(
        `The steering package, s3://${RELEASES}/rules/2.0.0: it cannot be used: rules/2.0.0/steering.json is not in the bucket ${RELEASES}, or not to be read there.`,
      );
      expect(await problem('s3://nowhere/rules/1.0.0', 'NotFound')).to.contain('NoSuchBucket');
    } finally {
      process.env = before;
      await broker.close();
    }
  });

  it('does not go where a server sends it', async () => {
    const asked: string[] = [];
    await serve(
      ({ url = '' }, response) => {
        asked.push(url);
        response.end();
      },
      (other) =>
        serve(
          ({ url = '' }, response) => response.writeHead(302, { location: `${other}${url}` }).end(),
          (url) => problem(`${url}/acme/steering#v1`, 'RepositoryUnreachable'),
        ),
    );
    expect(asked).to.deep.equal([]);
  });

  it('says where a server is away, refuses, sends us elsewhere, or is no git server, and never shows the token', async () => {
    const token = `ghp_${'A1b2C3d4'.repeat(4)}zz`;
    const away = await problem('http://127.0.0.1:1/acme/steering#v1', 'RepositoryUnreachable');
    expect(away).to.match(/^The steering package, http:\/\/127\.0\.0\.1:1\/acme\/steering#v1: .* cannot be read: /);
    const asked: (string | undefined)[] = [];
    const answers: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
      [401, {}],
      [403, {}],
      [404, {}],
      [302, { location: 'http://127.0.0.1:1/elsewhere' }],
      [200, { 'content-type': 'text/html' }],
    ];
    for (const [status, headers] of answers)
      await serve(
        ({ headers: { authorization } }, response) => {
          asked.push(authorization);
          response.writeHead(status, headers).end('no\n');
        },
        async (url) => {
          const env = { GITHUB_TOKEN: token, GITHUB_SERVER_URL: url, GITHUB_API_URL: url };
          const message = await problem(`${url}/acme/steering#v1`, 'RepositoryUnreachable', env);
          expect(message).to.contain(`${url}/acme/steering`);
          expect(message).not.to.contain(token).and.not.to.contain('Basic');
          const count = asked.length;
          await problem(`${url}/acme/steering#v1`, 'RepositoryUnreachable', { GITHUB_TOKEN: token });
          expect(asked.slice(count), 'another server than GitHub').to.include(undefined).and.have.lengthOf(1);
        },
      );
    const basic = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
    expect(asked).to.include(basic);
    expect(printed.join('\n')).not.to.contain(token);
  });
});
