import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import type { Statement } from './policy-document';
import { ServiceRole } from './service-role';

type Options = {
  readonly project: 'git' | 'builder';
  readonly description: string;
  readonly computeType: 'BUILD_GENERAL1_SMALL' | 'BUILD_GENERAL1_MEDIUM';
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
  readonly keyArn: string;
};

/**
 * A CodeBuild project that runs worker.zip by its buildspec.yml. The state machine overrides source and version for each build, so a release pins the
 * worker's code and the project itself stays the same. No cache: what one item leaves behind must not reach the next.
 */
export class BuildProject extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const { project, description, computeType, variables, statements, keyArn } = options;
    this.name = project === 'git' ? names.gitProject : names.builderProject;
    const role = new ServiceRole(this, 'role', {
      what: `${project}-build`,
      service: 'codebuild.amazonaws.com',
      sourceArns: [arns.project(project)],
      statements,
    });
    new CodebuildProject(this, 'project', {
      name: this.name,
      description,
      serviceRole: role.arn,
      encryptionKey: keyArn,
      buildTimeout: environment.buildTimeoutMinutes,
      queuedTimeout: environment.queuedTimeoutMinutes,
      source: { type: 'S3', location: `${names.releasesBucket}/${names.workerBundleKey}` },
      artifacts: { type: 'NO_ARTIFACTS' },
      cache: { type: 'NO_CACHE' },
      environment: {
        type: 'ARM_CONTAINER',
        image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
        computeType,
        imagePullCredentialsType: 'CODEBUILD',
        privilegedMode: false,
        environmentVariable: Object.entries(variables).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      },
      logsConfig: { cloudwatchLogs: { status: 'ENABLED', groupName: names.buildLogGroup(project) } },
      dependsOn: [role.policy],
    });
  }
}
