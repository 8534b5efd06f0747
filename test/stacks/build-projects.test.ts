import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf } from '../../config/naming';
import type { Environment } from '../../config/schema';
import { type Resource, resourcesOf, synthesizedStacks, synthesizeNow } from '../support/synthesized-stacks';
import { listOf, statementsOf } from './policy/rule';

type Kind = 'git' | 'builder';

const stackOf = (environment: Environment) => synthesizedStacks().stack(environment, 'codebuild');
const projectOf = (environment: Environment, kind: Kind, stack = stackOf(environment)): Resource => {
  const name = kind === 'git' ? namesOf(environment).gitProject : namesOf(environment).builderProject;
  const found = resourcesOf(stack, 'aws_codebuild_project').find(([, project]) => project.name === name);
  if (!found) throw new Error(`there is no project ${name}`);
  return found[1];
};
const variablesOf = (project: Resource): Record<string, string> =>
  Object.fromEntries(
    (project.environment as { environment_variable: { name: string; value: string }[] }).environment_variable.map(
      ({ name, value }) => [name, value],
    ),
  );
const permissionsOf = (environment: Environment, kind: Kind, stack = stackOf(environment)): readonly string[] =>
  resourcesOf(stack, 'aws_iam_role_policy')
    .filter(([id]) => id.startsWith(`${kind}_`))
    .flatMap(([, { policy }]) => statementsOf(policy))
    .flatMap(({ Action, Resource: resources }) =>
      listOf(Action).flatMap((action) => listOf(resources).map((resource) => `${action} ${resource}`)),
    );

describe('the build projects', () => {
  for (const environment of loadEnvironments()) {
    const names = namesOf(environment);

    it(`run worker.zip with the time limits of ${environment.name}`, () => {
      for (const kind of ['git', 'builder'] as const) {
        const project = projectOf(environment, kind);
        expect(project).to.include({
          build_timeout: environment.buildTimeoutMinutes,
          queued_timeout: environment.queuedTimeoutMinutes,
        });
        expect(project.source).to.deep.equal({ type: 'S3', location: `${names.releasesBucket}/bundles/worker.zip` });
        expect(project.cache).to.deep.equal({ type: 'NO_CACHE' });
      }
    });

    it(`tell git what it needs and the builder what it needs in ${environment.name}`, () => {
      const shared = { ARTIFACTS_BUCKET: names.artifactsBucket, AWS_ACCOUNT_ID: environment.account };
      expect(variablesOf(projectOf(environment, 'git'))).to.deep.equal({
        ...shared,
        GITHUB_SERVER_URL: environment.githubServerUrl,
        GITHUB_API_URL: environment.githubApiUrl,
        GIT_CREDENTIALS_SECRET: names.secret('git-credentials'),
        LOCKS_TABLE: names.locksTable,
      });
      expect(variablesOf(projectOf(environment, 'builder'))).to.deep.equal({
        ...shared,
        MODE: 'build',
        COVERAGE_THRESHOLD: '80',
        BUILD_TIMEOUT_MINUTES: '90',
        BUILD_USER: 'nobody',
        AGENT_KIND: 'kiro-cli',
        AGENT_ENGINE: 'v2',
        RELEASES_BUCKET: names.releasesBucket,
        KIRO_API_KEY_SECRET: names.secret('kiro-api-key'),
      });
    });

    it(`keep GitHub and locks away from the builder in ${environment.name}`, () => {
      const builder = permissionsOf(environment, 'builder');
      expect(builder.filter((permission) => permission.startsWith('secretsmanager:'))).to.deep.equal([
        'secretsmanager:GetSecretValue ${data.terraform_remote_state.secrets.outputs.kiro_api_key_secret_arn}',
      ]);
      expect(builder.filter((permission) => /^(dynamodb|sqs|ssm|states|lambda):/.test(permission))).to.deep.equal([]);
      expect(builder.filter((permission) => permission.startsWith('s3:PutObject'))).to.deep.equal([
        `s3:PutObject arn:aws:s3:::${names.artifactsBucket}/builds/*/build/*`,
      ]);
    });

    it(`keep the Kiro key and the build's results away from git in ${environment.name}`, () => {
      const git = permissionsOf(environment, 'git');
      expect(git.filter((permission) => permission.startsWith('secretsmanager:'))).to.deep.equal([
        'secretsmanager:GetSecretValue ${data.terraform_remote_state.secrets.outputs.git_credentials_secret_arn}',
      ]);
      expect(git.filter((permission) => permission.startsWith('s3:PutObject'))).to.deep.equal([
        `s3:PutObject arn:aws:s3:::${names.artifactsBucket}/builds/*/checkout/*`,
        `s3:PutObject arn:aws:s3:::${names.artifactsBucket}/builds/*/publish/*`,
      ]);
      expect(git.filter((permission) => permission.startsWith('dynamodb:'))).to.deep.equal([
        `dynamodb:GetItem arn:aws:dynamodb:${environment.region}:${environment.account}:table/${names.locksTable}`,
      ]);
    });

    it(`read nothing of the releases bucket but worker.zip in ${environment.name}`, () => {
      for (const kind of ['git', 'builder'] as const)
        expect(permissionsOf(environment, kind).filter((permission) => permission.includes(names.releasesBucket))) //
          .to.deep.equal([
            `s3:GetObject arn:aws:s3:::${names.releasesBucket}/bundles/worker.zip`,
            `s3:GetObjectVersion arn:aws:s3:::${names.releasesBucket}/bundles/worker.zip`,
            `s3:GetBucketAcl arn:aws:s3:::${names.releasesBucket}`,
            `s3:GetBucketLocation arn:aws:s3:::${names.releasesBucket}`,
          ]);
    });
  }

  it('have report groups under the names that CodeBuild itself forms from buildspec.yml', () => {
    for (const environment of loadEnvironments()) {
      const groups = resourcesOf(stackOf(environment), 'aws_codebuild_report_group').map(([, { name, type }]) => [
        name,
        type,
      ]);
      const { builderProject } = namesOf(environment);
      expect(groups).to.have.deep.members([
        [`${builderProject}-tests`, 'TEST'],
        [`${builderProject}-coverage`, 'CODE_COVERAGE'],
      ]);
    }
  });

  it('tell git alone where a steering package is, and let it read just that prefix of the releases bucket', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const steering = { kind: 's3' as const, prefix: 'steering/acme/1.4.0', digest: null };
    const other: Environment = { ...environment, steering };
    const stack = synthesizeNow([other]).stack(other, 'codebuild');
    const { releasesBucket } = namesOf(other);
    const variables = variablesOf(projectOf(other, 'git', stack));
    expect(JSON.parse(variables.STEERING ?? '')).to.deep.equal(steering);
    expect(variables.RELEASES_BUCKET).to.equal(releasesBucket);
    expect(variablesOf(projectOf(other, 'builder', stack))).not.to.have.property('STEERING');
    const readable = (kind: Kind) =>
      permissionsOf(other, kind, stack).filter((permission) => permission.includes(`${releasesBucket}/steering`));
    expect(readable('git')).to.deep.equal([
      `s3:GetObject arn:aws:s3:::${releasesBucket}/steering/acme/1.4.0/*`,
      `s3:GetObjectVersion arn:aws:s3:::${releasesBucket}/steering/acme/1.4.0/*`,
    ]);
    expect(readable('builder')).to.deep.equal([]);
  });

  it('let the builder read the agent that is pinned, and no other', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const sha256 = 'ab'.repeat(32);
    const pinned: Environment = { ...environment, agent: { kind: 'kiro-cli', engine: 'v3', sha256 } };
    const stack = synthesizeNow([pinned]).stack(pinned, 'codebuild');
    expect(variablesOf(projectOf(pinned, 'builder', stack))).to.include({ AGENT_ENGINE: 'v3', AGENT_SHA256: sha256 });
    const resources = JSON.stringify(stack).match(/arn:aws:s3:::[^"\\]*\/agents[^"\\]*/g) ?? [];
    expect([...new Set(resources)]).to.deep.equal([
      `arn:aws:s3:::${namesOf(pinned).releasesBucket}/agents/${sha256}.zip`,
    ]);
    expect(JSON.stringify(stack).match(/ReadPinnedAgent/g)).to.have.length(1);
  });

  it('hand the command of another agent on as it was written, shell variables and all', () => {
    const [environment] = loadEnvironments();
    if (!environment) throw new Error('there is no environment');
    const command = 'my-agent --home ${HOME} --format %{http_code} "$PATH"';
    const other: Environment = { ...environment, agent: { kind: 'command', command } };
    const stack = synthesizeNow([other]).stack(other, 'codebuild');
    expect(variablesOf(projectOf(other, 'builder', stack))).to.include({
      AGENT_KIND: 'command',
      AGENT_COMMAND: 'my-agent --home $${HOME} --format %%{http_code} "$PATH"',
    });
  });
});
