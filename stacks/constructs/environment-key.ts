import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { environmentStackOf } from '../environment-stack';
import { keyPolicy } from './key-policy';
import { policyDocument } from './policy-document';

/** The one key that encrypts everything of its environment. */
export class EnvironmentKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { names, arns, environment } = environmentStackOf(this);
    const key = new KmsKey(this, 'key', {
      description: `Everything of ${names.prefix}`,
      enableKeyRotation: true,
      deletionWindowInDays: environment.deletionProtection ? 30 : 7,
      policy: policyDocument(keyPolicy(names, arns, environment)),
      lifecycle: { preventDestroy: environment.deletionProtection },
    });
    new KmsAlias(this, 'alias', { name: names.keyAlias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
