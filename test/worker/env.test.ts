import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { WorkerError } from '../../domain/errors';
import { projectRoot } from '../../local/project-root';
import { readWorkerEnvironment, secretsInEnvironment } from '../../worker/env';
import { sampleItem, sampleLease } from './broker-fixture';

const common = {
  PATH: '/bin',
  ENVIRONMENT: 'test',
  RELEASE: 'r1',
  AWS_REGION: 'eu-central-1',
  ARTIFACTS_BUCKET: 'artifacts',
  ARTIFACTS_PREFIX: 'builds/execution-1',
  WORK_ITEM: JSON.stringify(sampleItem),
  LEASE: JSON.stringify(sampleLease),
  BRANCH_NAME: 'feature/cart',
  SPEC_PATH: '.kiro/specs/cart',
};
const gitBuild = { ...common, GITHUB_SERVER_URL: 'https://github.com/', GIT_CREDENTIALS_SECRET: 'git-credentials' };
const checkoutBuild = { ...gitBuild, MODE: 'checkout' };
const publishBuild = { ...gitBuild, MODE: 'publish', LOCKS_TABLE: 'locks', VERDICT_KEY: 'v', VERDICT_VERSION_ID: '1' };
const builderBuild = { ...common, MODE: 'build', KIRO_API_KEY_SECRET: 'kiro-api-key' };

type Source = Readonly<Record<string, string | undefined>>;
const problem = (source: Source): string => {
  try {
    readWorkerEnvironment(source);
  } catch (error) {
    expect((error as WorkerError).code).to.equal('ValidationError');
    expect((error as WorkerError).remedy).to.match(/deploy the environment again/);
    return (error as WorkerError).message;
  }
  throw new Error('the variables were expected to be refused');
};

/** The variables that the program reads, by its source. */
const readVariables = (): readonly string[] => {
  const program = readFileSync(join(projectRoot(), 'worker/env.ts'), 'utf8');
  return [...program.matchAll(/^ +([A-Z][A-Z0-9_]+): /gm)].map(([, name = '']) => name);
};

describe('readWorkerEnvironment', () => {
  it('reads no variable that buildspec.yml does not document, and has the defaults that stand there', () => {
    const buildspec = readFileSync(join(projectRoot(), 'buildspec.yml'), 'utf8');
    const read = readVariables();
    expect(read).to.include.members(['MODE', 'GITHUB_API_URL', 'CREDITS']);
    for (const name of read) expect(buildspec, name).to.match(new RegExp(`^#.*\\b${name}\\b`, 'm'));
    const { env } = parse(buildspec) as { env: { variables: Source } };
    expect(read).to.include.members(Object.keys(env.variables));
    expect(readWorkerEnvironment({ ...builderBuild, ...env.variables })).to.deep.equal(
      readWorkerEnvironment(builderBuild),
    );
  });

  it('passes proxies on to what is not ours, and what PASSED_VARIABLES names instead, but no credential of ours', () => {
    const proxies = { HTTPS_PROXY: 'http://proxy', no_proxy: 'localhost', MODEL_KEY: 'k' };
    const read = (more: Source) => readWorkerEnvironment({ ...builderBuild, ...proxies, ...more });
    expect(read({})).to.deep.include({ passedVariables: { HTTPS_PROXY: 'http://proxy', no_proxy: 'localhost' } });
    expect(read({ PASSED_VARIABLES: ' MODEL_KEY, ABSENT' })).to.deep.include({ passedVariables: { MODEL_KEY: 'k' } });
    expect(read({ PASSED_VARIABLES: '' })).to.deep.include({ passedVariables: {} });
    const named = (names: string) => problem({ ...builderBuild, PASSED_VARIABLES: names });
    expect(named('AWS_SESSION_TOKEN')).to.match(/PASSED_VARIABLES: AWS_SESSION_TOKEN is a variable of AWS/);
    expect(named('kiro_api_key')).to.match(/kiro_api_key is a variable of/);
    expect(named('A B')).to.match(/A B is no name of a variable/);
  });

  it('passes on nothing under a name by which it is told itself what to do', () => {
    const read = readVariables();
    expect(read).to.include.members(['MODE', 'PATH', 'CREDITS']);
    for (const name of read)
      expect(problem({ ...builderBuild, PASSED_VARIABLES: name }), name).to.match(/is a variable of|reaches the build/);
  });

  it('takes only the absolute folders of PATH: git must not be looked for in the work tree', () => {
    const read = (PATH: string) => readWorkerEnvironment({ ...builderBuild, PATH }).searchPath;
    expect(read('./node_modules/.bin:/opt/bin::bin:/bin:')).to.equal('/opt/bin:/bin');
    expect(read('.'), 'none is left').to.equal('/usr/local/bin:/usr/bin:/bin');
  });

  it('reads a checkout', () => {
    expect(readWorkerEnvironment(checkoutBuild)).to.deep.equal({
      mode: 'checkout',
      environment: 'test',
      release: 'r1',
      region: 'eu-central-1',
      accountId: null,
      buildId: 'unknown',
      artifactsBucket: 'artifacts',
      artifactsPrefix: 'builds/execution-1',
      item: sampleItem,
      lease: sampleLease,
      dryRun: false,
      searchPath: '/bin',
      githubServerUrl: 'https://github.com',
      githubApiUrl: 'https://api.github.com',
      gitCredentialsSecret: 'git-credentials',
      steering: null,
      releasesBucket: '',
    });
  });

  it('reads where a steering package is, and refuses a source that a credential or a bucket could leak to', () => {
    const read = (steering: object, more: Source = {}) =>
      readWorkerEnvironment({ ...checkoutBuild, STEERING: JSON.stringify(steering), ...more });
    const git = { kind: 'git', url: 'https://github.com/acme/steering.git', ref: 'refs/tags/v1' };
    const s3 = { kind: 's3', prefix: 'steering/acme/1' };
    expect(readWorkerEnvironment({ ...checkoutBuild, STEERING: '' })).to.deep.include({ steering: null });
    expect(read(git)).to.deep.include({ steering: { ...git, folder: '', digest: null } });
    expect(read(s3, { RELEASES_BUCKET: 'r' })).to.deep.include({
      steering: { ...s3, digest: null },
      releasesBucket: 'r',
    });
    const wrong = (steering: unknown, more: Source = {}) =>
      problem({ ...checkoutBuild, STEERING: JSON.stringify(steering), ...more });
    expect(wrong(s3)).to.match(/RELEASES_BUCKET is empty/);
    for (const url of [
      'http://github.com/a/b',
      'https://u:p@github.com/a/b',
      'https://github.com/a/b?x',
      'file:///a/b',
      'https://github.com/',
    ])
      expect(wrong({ ...git, url }), url).to.match(/STEERING/);
    for (const ref of ['main', 'refs/heads/../x', '--upload-pack=x', 'refs/heads/a b', 'refs/heads/+x:refs/x'])
      expect(wrong({ ...git, ref }), ref).to.match(/STEERING/);
    for (const prefix of ['builds/x', 'steering/', 'steering/../x', '/steering/a'])
      expect(wrong({ ...s3, prefix }, { RELEASES_BUCKET: 'r' }), prefix).to.match(/STEERING/);
    expect(wrong({ ...git, folder: '../x' })).to.match(/STEERING/);
    expect(problem({ ...checkoutBuild, STEERING: '{' })).to.match(/STEERING: is not JSON/);
  });

  it('reads a publish', () => {
    expect(readWorkerEnvironment({ ...publishBuild, DRY_RUN: 'true' })).to.deep.include({
      mode: 'publish',
      dryRun: true,
      locksTable: 'locks',
      verdictKey: 'v',
      verdictVersionId: '1',
    });
  });

  it('reads which agent is pinned, and where it lies', () => {
    const sha256 = 'ab'.repeat(32);
    const pinned = { AGENT_SHA256: sha256, AGENT_ENGINE: 'v3', RELEASES_BUCKET: 'releases' };
    expect(readWorkerEnvironment({ ...builderBuild, ...pinned })).to.deep.include({
      agent: { kind: 'kiro-cli', apiKeySecret: 'kiro-api-key', engine: 'v3', pin: { sha256 } },
      releasesBucket: 'releases',
    });
  });

  it('reads a build, with defaults', () => {
    expect(readWorkerEnvironment(builderBuild)).to.deep.include({
      mode: 'build',
      coverageThreshold: 80,
      agent: { kind: 'kiro-cli', apiKeySecret: 'kiro-api-key', engine: 'v2', pin: null },
      buildUser: null,
      timeoutMinutes: 90,
    });
    expect(
      readWorkerEnvironment({
        ...common,
        MODE: 'build',
        COVERAGE_THRESHOLD: '72.5',
        AGENT_KIND: 'command',
        AGENT_COMMAND: 'node agent.mjs',
        BUILD_USER: 'builder',
        BUILD_TIMEOUT_MINUTES: '30',
      }),
    ).to.deep.include({
      coverageThreshold: 72.5,
      agent: { kind: 'command', command: 'node agent.mjs' },
      buildUser: 'builder',
      timeoutMinutes: 30,
    });
  });

  it('knows the account from itself or from the build that CodeBuild names', () => {
    const arn = 'arn:aws:codebuild:eu-central-1:123456789012:build/kiro-worker-test-git:0000';
    const read = (extra: Source) => readWorkerEnvironment({ ...checkoutBuild, ...extra }).accountId;
    expect(read({ CODEBUILD_BUILD_ARN: arn })).to.equal('123456789012');
    expect(read({ CODEBUILD_BUILD_ARN: arn, AWS_ACCOUNT_ID: '210987654321' })).to.equal('210987654321');
  });

  it('names each variable that is absent', () => {
    const message = problem({ MODE: 'publish' });
    for (const name of ['WORK_ITEM', 'LEASE', 'LOCKS_TABLE', 'VERDICT_KEY', 'GITHUB_SERVER_URL', 'ARTIFACTS_BUCKET'])
      expect(message).to.include(`${name}: `);
    expect(problem({})).to.include('MODE: ');
    expect(problem({ ...checkoutBuild, MODE: 'deploy' })).to.include('MODE: ');
  });

  for (const [what, extra, pattern] of [
    ['a work item that is no JSON', { WORK_ITEM: '{' }, /WORK_ITEM: is not JSON/],
    [
      'a work item with an option as branch',
      { WORK_ITEM: JSON.stringify({ ...sampleItem, branch: '--upload-pack=x' }) },
      /WORK_ITEM\.branch: .*starts with "-"/,
    ],
    [
      'a work item with a spec outside',
      { WORK_ITEM: JSON.stringify({ ...sampleItem, specPath: '../x' }) },
      /WORK_ITEM\.specPath/,
    ],
    ['a branch that is not the item’s', { BRANCH_NAME: 'main' }, /BRANCH_NAME is not the branch of WORK_ITEM/],
    ['a spec that is not the item’s', { SPEC_PATH: 'x' }, /SPEC_PATH is not/],
    [
      'a lease of another item',
      { LEASE: JSON.stringify({ ...sampleLease, itemId: 'PVTI_2' }) },
      /LEASE is of another item/,
    ],
    [
      'a prefix that leads elsewhere',
      { ARTIFACTS_PREFIX: 'builds/1/../../verdicts' },
      /ARTIFACTS_PREFIX: must be builds\/EXECUTION/,
    ],
    ['a server in clear', { GITHUB_SERVER_URL: 'http://github.com' }, /GITHUB_SERVER_URL: must be https/],
    [
      'a server that only looks like this machine',
      { GITHUB_SERVER_URL: 'http://127.0.0.1.evil.example' },
      /must be https/,
    ],
    ['a server of another kind', { GITHUB_SERVER_URL: 'ext::touch /tmp/x' }, /GITHUB_SERVER_URL/],
    ['a dry run that is neither true nor false', { DRY_RUN: 'yes' }, /DRY_RUN/],
  ] as const)
    it(`refuses ${what}`, () => expect(problem({ ...checkoutBuild, ...extra })).to.match(pattern));

  for (const [what, extra, pattern] of [
    ['a threshold of 101', { COVERAGE_THRESHOLD: '101' }, /COVERAGE_THRESHOLD/],
    ['a threshold below 0', { COVERAGE_THRESHOLD: '-1' }, /COVERAGE_THRESHOLD/],
    ['an empty threshold, which is not 0', { COVERAGE_THRESHOLD: '' }, /COVERAGE_THRESHOLD/],
    ['a threshold in words', { COVERAGE_THRESHOLD: 'high' }, /COVERAGE_THRESHOLD/],
    ['an agent that nobody knows', { AGENT_KIND: 'magic' }, /AGENT_KIND/],
    ['a command agent without a command', { AGENT_KIND: 'command', AGENT_COMMAND: ' ' }, /AGENT_COMMAND is empty/],
    ['an engine that nobody knows', { AGENT_ENGINE: 'v9' }, /AGENT_ENGINE/],
    ['a digest that is none', { AGENT_SHA256: 'latest' }, /AGENT_SHA256: must be a SHA-256/],
    ['a pinned agent that lies nowhere', { AGENT_SHA256: 'a'.repeat(64) }, /RELEASES_BUCKET is empty/],
    ['a Kiro agent without a key', { KIRO_API_KEY_SECRET: '' }, /KIRO_API_KEY_SECRET is empty/],
    ['a user that is an option', { BUILD_USER: '-x' }, /BUILD_USER: must be the name of a user/],
    ['no time at all', { BUILD_TIMEOUT_MINUTES: '0' }, /BUILD_TIMEOUT_MINUTES/],
  ] as const)
    it(`refuses ${what}`, () => expect(problem({ ...builderBuild, ...extra })).to.match(pattern));

  it('refuses a server with a credential in its address, and does not repeat it', () => {
    const message = problem({ ...checkoutBuild, GITHUB_SERVER_URL: 'https://x:planted-secret@github.com' });
    expect(message).to.match(/must not hold a user or password/);
    expect(message).not.to.include('planted-secret');
  });

  it('takes this very machine in clear', () => {
    for (const url of ['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:2'])
      expect(readWorkerEnvironment({ ...checkoutBuild, GITHUB_SERVER_URL: url })).to.include({ githubServerUrl: url });
  });
});

describe('secretsInEnvironment', () => {
  it('are the AWS credentials, where there are any', () => {
    expect(secretsInEnvironment({ AWS_SECRET_ACCESS_KEY: 'a', AWS_SESSION_TOKEN: 'b', PATH: 'c' })).to.deep.equal([
      'a',
      'b',
    ]);
    expect(secretsInEnvironment({ AWS_SESSION_TOKEN: '' })).to.deep.equal([]);
  });
});
