import { type DynamoDbAddress, dynamoDbAuthorization } from './dynamodb';

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** One operation of DynamoDB's own server. */
export const askDynamoDb = async (address: DynamoDbAddress, operation: string, input: object): Promise<Answer> => {
  const response = await fetch(`http://127.0.0.1:${address.port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20300101T000000Z',
      authorization: dynamoDbAuthorization(address),
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};
