import { CodebuildReportGroup } from '@cdktf/provider-aws/lib/codebuild-report-group';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';

const types = { tests: 'TEST', coverage: 'CODE_COVERAGE' } as const;

/** Where CodeBuild shows the builder's reports. Nothing decides by them: they can be absent when a build dies early. */
export class ReportGroup extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, what: keyof typeof types) {
    super(scope, id);
    const group = new CodebuildReportGroup(this, 'group', {
      name: environmentStackOf(this).names.reportGroup(what),
      type: types[what],
      deleteReports: true, // else a group with reports can never be removed
      exportConfig: { type: 'NO_EXPORT' },
    });
    this.arn = group.arn;
  }
}
