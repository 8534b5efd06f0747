import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { Construct } from 'constructs';
import type { SecretName } from '../../config/naming';
import { environmentStackOf } from '../environment-stack';

type Options = { readonly secret: SecretName; readonly description: string; readonly keyArn: string };

/** Where a secret will be. Its value never passes through Terraform, so it is in no plan and in no state. */
export class SecretContainer extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { secret, description, keyArn }: Options) {
    super(scope, id);
    const { names, environment } = environmentStackOf(this);
    const container = new SecretsmanagerSecret(this, 'secret', {
      name: names.secret(secret),
      description,
      kmsKeyId: keyArn,
      recoveryWindowInDays: environment.secretRecoveryDays,
    });
    this.arn = container.arn;
  }
}
