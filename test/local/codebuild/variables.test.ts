import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { type BuildBench, building, course, openBuildBench, printed, project } from './support/build-bench';

describe('the environment of a local build', () => {
  let bench: BuildBench;
  afterEach(() => bench.builds.close());
  const folder = temporaryFolder();
  const open = (...options: Parameters<typeof openBuildBench> extends [string, ...infer R] ? R : never) => {
    bench = openBuildBench(folder(), ...options);
    return bench;
  };
  const spec = (env: object, ...commands: readonly string[]): string =>
    JSON.stringify({ version: 0.2, env, phases: { build: { commands } } });
  const environmentOf = (log: string) =>
    Object.fromEntries(printed(log).map((line) => [line.split('=')[0], line.split('=').slice(1).join('=')]));

  it('holds what CodeBuild sets, the credentials of the role, and nothing of the process that asks', async () => {
    process.env.PLANTED_IN_PARENT = 'secret';
    const { log, record } = await open({ overlay: { AGENT_KIND: 'command' } }).run(building('env'));
    delete process.env.PLANTED_IN_PARENT;
    const variables = environmentOf(log);
    const ours = Object.keys(variables).filter((name) => !/^(NYC_|NODE_OPTIONS$|_$|OLDPWD$|SHLVL$|PWD$)/.test(name));
    expect(ours.sort()).to.deep.equal([
      'AGENT_KIND',
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_REGION',
      'CI',
      'CODEBUILD_BUILD_ARN',
      'CODEBUILD_BUILD_ID',
      'CODEBUILD_BUILD_IMAGE',
      'CODEBUILD_BUILD_NUMBER',
      'CODEBUILD_BUILD_SUCCEEDING',
      'CODEBUILD_CI',
      'CODEBUILD_INITIATOR',
      'CODEBUILD_KMS_KEY_ID',
      'CODEBUILD_LOG_PATH',
      'CODEBUILD_PROJECT_ARN',
      'CODEBUILD_RESOLVED_SOURCE_VERSION',
      'CODEBUILD_SOURCE_REPO_URL',
      'CODEBUILD_SOURCE_VERSION',
      'CODEBUILD_SRC_DIR',
      'CODEBUILD_START_TIME',
      'HOME',
      'PATH',
      'TMPDIR',
    ]);
    expect(variables).to.include({
      CODEBUILD_BUILD_ID: record.id,
      CODEBUILD_BUILD_ARN: `arn:aws:codebuild:eu-west-1:123456789012:build/${record.id}`,
      CODEBUILD_PROJECT_ARN: 'arn:aws:codebuild:eu-west-1:123456789012:project/project',
      CODEBUILD_BUILD_NUMBER: '1',
      CODEBUILD_INITIATOR: 'tester',
      CODEBUILD_RESOLVED_SOURCE_VERSION: record.resolvedSourceVersion,
      AWS_REGION: 'eu-west-1',
    });
  });

  it('has StartBuild over the project over the buildspec, and what this machine overlays over all', async () => {
    open({
      projects: [
        project({ variables: ['B', 'C', 'D'].map((name) => ({ name, value: 'project', type: 'PLAINTEXT' })) }),
      ],
      overlay: { D: 'overlay' },
    });
    const variables = { A: 'buildspec', B: 'buildspec', C: 'buildspec', D: 'buildspec' };
    const { log } = await bench.run(spec({ variables }, 'echo $A $B $C $D'), {
      environmentVariablesOverride: ['C', 'D'].map((name) => ({ name, value: 'start', type: 'PLAINTEXT' })),
    });
    expect(printed(log)).to.deep.equal(['buildspec project start overlay']);
  });

  it('resolves parameters and secrets, from wherever they are named, and hides them in the log', async () => {
    const { log, record } = await open().run(
      spec(
        {
          variables: { PLAIN: 'plain' },
          'parameter-store': { BOARD: '/board' },
          'secrets-manager': { TOKEN: 'token', PASSWORD: 'pair:password', ARN: 'pair:user:AWSCURRENT' },
        },
        'echo $PLAIN; echo "x${TOKEN}y"; echo $PASSWORD $ARN $BOARD; echo ${#TOKEN} ${#PASSWORD} ${#LATE}',
      ),
      { environmentVariablesOverride: [{ name: 'LATE', value: 'token', type: 'SECRETS_MANAGER' }] },
    );
    expect(record.status).to.equal('SUCCEEDED');
    expect(printed(log)).to.deep.equal(['plain', 'x***y', '*** *** ***', '10 9 10']);
    expect(JSON.stringify(record)).not.to.contain('top-secret');
  });

  for (const [what, env] of [
    ['a secret that does not exist', { 'secrets-manager': { X: 'gone' } }],
    ['a key that the secret does not have', { 'secrets-manager': { X: 'pair:gone' } }],
    ['an earlier version of a secret', { 'secrets-manager': { X: 'token::AWSPREVIOUS' } }],
    ['a parameter that does not exist', { 'parameter-store': { X: '/gone' } }],
  ] as const)
    it(`fails the build before its first command for ${what}`, async () => {
      const { record, log } = await open().run(spec(env, 'echo never'));
      expect(record.status).to.equal('FAILED');
      expect(course(record).slice(-3)).to.deep.equal(['DOWNLOAD_SOURCE FAILED', 'FINALIZING SUCCEEDED', 'COMPLETED']);
      const [context] = record.phases.find(({ type }) => type === 'DOWNLOAD_SOURCE')?.contexts ?? [];
      expect(context?.message).to.match(/^An environment variable cannot be read: .*(gone|token)/);
      expect(printed(log)).to.deep.equal([]);
    });

  it('gives exported variables back as the commands left them', async () => {
    const exported = ['RESULT', 'LINES', 'NEVER'];
    const { record } = await open().run(
      spec({ 'exported-variables': exported }, 'RESULT="a b\'c"', 'export LINES="$(printf \'1\\n2\')"'),
    );
    expect(record.exported).to.deep.equal([
      { name: 'RESULT', value: "a b'c" },
      { name: 'LINES', value: '1\n2' },
    ]);
  });

  it('is gone after the build, with everything that the build wrote', async () => {
    const write = 'touch "$HOME/a" "$TMPDIR/b" c; printf "%s\\n" "$HOME" "$TMPDIR" "$CODEBUILD_SRC_DIR"';
    const { log } = await open().run(building(write));
    const places = printed(log);
    expect(places).to.have.length(3);
    for (const place of places) expect(existsSync(place), place).to.equal(false);
  });
});
