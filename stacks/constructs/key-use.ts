import { allow, type Statement } from './policy-document';

type Service = 'dynamodb' | 's3' | 'secretsmanager' | 'sqs';
type KeyAction = 'kms:Decrypt' | 'kms:DescribeKey' | 'kms:Encrypt' | 'kms:GenerateDataKey';

/** The use of the environment's key through one service and no other way. */
export type KeyUse = { readonly service: Service; readonly actions: readonly KeyAction[] };

const title = (service: Service): string => service.charAt(0).toUpperCase() + service.slice(1);

/** One statement per service, however many needs ask for it. */
export const keyStatements = (uses: readonly KeyUse[], keyArn: string, region: string): readonly Statement[] =>
  [...new Set(uses.map(({ service }) => service))].sort().map((service) => {
    const actions = uses.filter((use) => use.service === service).flatMap((use) => use.actions);
    return allow(`UseKeyThrough${title(service)}`, [...new Set(actions)].sort(), [keyArn], {
      StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` },
    });
  });
