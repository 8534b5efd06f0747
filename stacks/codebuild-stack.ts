import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { builderPermissions, gitPermissions } from './constructs/build-permissions';
import { BuildProject } from './constructs/build-project';
import { builderVariables, gitVariables } from './constructs/build-variables';
import { ReportGroup } from './constructs/report-group';
import { EnvironmentStack } from './environment-stack';

/** The two kinds of build: one holds GitHub credentials and runs no code of a repository, the other the other way round. */
export class CodebuildStack extends EnvironmentStack<'codebuild'> {
  readonly keyArn = this.upstream('core')('key_arn');
  private readonly secretArn = this.upstream('secrets');
  private readonly tests = new ReportGroup(this, 'tests', 'tests');
  private readonly coverage = new ReportGroup(this, 'coverage', 'coverage');
  private readonly git = new BuildProject(this, 'git', {
    project: 'git',
    description: 'Checks out and publishes; runs no code of a repository',
    computeType: 'BUILD_GENERAL1_SMALL',
    variables: gitVariables(this),
    statements: gitPermissions(this, this.secretArn('git_credentials_secret_arn')),
    keyArn: this.keyArn,
  });
  private readonly builder = new BuildProject(this, 'builder', {
    project: 'builder',
    description: 'Agent, tests and coverage; holds no GitHub credential',
    computeType: 'BUILD_GENERAL1_MEDIUM',
    variables: builderVariables(this),
    statements: builderPermissions(this, this.secretArn('kiro_api_key_secret_arn')),
    keyArn: this.keyArn,
  });

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'codebuild', environment);
    this.exports({
      git_project: this.git.name,
      builder_project: this.builder.name,
      tests_report_group_arn: this.tests.arn,
      coverage_report_group_arn: this.coverage.arn,
    });
  }
}
