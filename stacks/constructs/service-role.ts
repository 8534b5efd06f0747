import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import { policyDocument, type Statement } from './policy-document';

type Options = {
  readonly what: string;
  readonly service: string;
  /** ARNs (patterns) of what may act with this role; absent for Lambda, which does not say on whose behalf it asks. */
  readonly sourceArns?: readonly string[];
  readonly statements: readonly Statement[];
};

/** A role that one service may take on behalf of this account, and exactly what it may do. */
export class ServiceRole extends Construct {
  readonly arn: string;
  /** Depend on it where the service checks permissions while it creates something. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, { what, service, sourceArns, statements }: Options) {
    super(scope, id);
    const { names, environment } = environmentStackOf(this);
    const condition = sourceArns
      ? {
          Condition: {
            StringEquals: { 'aws:SourceAccount': environment.account },
            ArnLike: { 'aws:SourceArn': sourceArns },
          },
        }
      : {};
    const role = new IamRole(this, 'role', {
      name: names.role(what),
      assumeRolePolicy: policyDocument([
        { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...condition },
      ]),
    });
    this.policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: role.id,
      policy: policyDocument(statements),
    });
    this.arn = role.arn;
  }
}
