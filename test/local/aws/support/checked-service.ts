import * as codebuild from '@aws-sdk/client-codebuild';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import type { JsonService } from '../../../../local/aws/service';
import { schemaFaults } from '../../asl/support/check-schema';

type Schema = Parameters<typeof schemaFaults>[0];

/** What the SDK expects back, by operation. */
const answers: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  secretsmanager: {
    GetSecretValue: secrets.GetSecretValueResponse$,
    DescribeSecret: secrets.DescribeSecretResponse$,
    PutSecretValue: secrets.PutSecretValueResponse$,
  },
  AmazonSSM: {
    GetParameter: ssm.GetParameterResult$,
    GetParameters: ssm.GetParametersResult$,
    GetParametersByPath: ssm.GetParametersByPathResult$,
    PutParameter: ssm.PutParameterResult$,
  },
  AmazonSQS: {
    SendMessage: sqs.SendMessageResult$,
    ReceiveMessage: sqs.ReceiveMessageResult$,
    GetQueueUrl: sqs.GetQueueUrlResult$,
    GetQueueAttributes: sqs.GetQueueAttributesResult$,
  },
  CodeBuild_20161006: {
    StartBuild: codebuild.StartBuildOutput$,
    StopBuild: codebuild.StopBuildOutput$,
    BatchGetBuilds: codebuild.BatchGetBuildsOutput$,
  },
};

/** The service, with every answer held to the schema that the SDK client exports: an SDK drops what it does not know without a word. */
export const checked = (service: JsonService): JsonService => ({
  ...service,
  handle: async (operation, input, role) => {
    const answer = await service.handle(operation, input, role);
    const schema = answers[service.targetPrefix]?.[operation];
    if (schema) expect(schemaFaults(schema, answer), operation).to.deep.equal([]);
    else expect(answer, operation).to.equal(undefined);
    return answer;
  },
});
