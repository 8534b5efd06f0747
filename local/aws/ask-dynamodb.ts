type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** DynamoDB's own port takes any signature; only this process knows it. */
export const askDynamoDb = async (port: number, operation: string, input: object): Promise<Answer> => {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20300101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=own/20300101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};
