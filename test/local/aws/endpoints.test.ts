import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateActivityCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { openEndpoints } from '../../../local/aws/endpoints';
import { temporaryFolder } from '../../support/temporary-folder';
import { type AwsBench, errorName, openAwsBench } from './support/aws-bench';

const json = (target: string, body: string, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target, ...headers },
  body,
});

describe('the local AWS endpoints', () => {
  let bench: AwsBench;
  // Hooks run in this order: the folder goes last.
  afterEach(() => bench.close());
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = await openAwsBench(folder());
  });

  const typeOf = async (response: Response) => ((await response.json()) as { __type: string }).__type;
  const readParameter = (credentials: object) =>
    errorName(
      new SSMClient({ ...bench.client, credentials: { ...bench.client.credentials, ...credentials } }).send(
        new GetParameterCommand({ Name: '/x' }),
      ),
    );

  it('let nobody in who does not sign', async () => {
    const response = await fetch(bench.url, json('AmazonSSM.GetParameter', '{"Name":"/x"}'));
    expect(response.status).to.equal(403);
    expect(await typeOf(response)).to.equal('MissingAuthenticationToken');
    const s3 = await fetch(`${bench.url}/artifacts/key`);
    expect(s3.status).to.equal(403);
    expect(await s3.text()).to.contain('<Code>MissingAuthenticationToken</Code>');
    const nonsense = await fetch(bench.url, json('AmazonSSM.GetParameter', '{}', { authorization: 'Bearer x' }));
    expect(await typeOf(nonsense)).to.equal('IncompleteSignature');
  });

  it('let nobody in with a wrong key, a wrong secret or the token of another role', async () => {
    expect(await readParameter({})).to.equal('ParameterNotFound');
    expect(await readParameter({ accessKeyId: 'ASIAUNKNOWN' })).to.equal('UnrecognizedClientException');
    expect(await readParameter({ secretAccessKey: 'wrong' })).to.equal('SignatureDoesNotMatch');
    expect(await readParameter({ sessionToken: 'other' })).to.equal('InvalidClientTokenId');
    const s3 = new S3Client({ ...bench.client, credentials: { ...bench.client.credentials, secretAccessKey: 'no' } });
    const list = s3.send(new ListObjectsV2Command({ Bucket: 'artifacts' }));
    expect(await errorName(list)).to.equal('SignatureDoesNotMatch');
  });

  it('refuse a body that is not the signed one', async () => {
    const client = new SSMClient(bench.client);
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: string }).body = '{"Name":"/y"}';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const changed = client.send(new GetParameterCommand({ Name: '/x' }));
    expect(await errorName(changed)).to.equal('XAmzContentSHA256Mismatch');
  });

  it('answer a request that is too large instead of breaking it off', async () => {
    const client = new SQSClient(bench.client);
    const body = 'x'.repeat(17 * 1024 * 1024);
    const large = client.send(new SendMessageCommand({ QueueUrl: bench.queueUrl, MessageBody: body }));
    expect(await errorName(large)).to.equal('RequestEntityTooLarge');
  });

  it('say which service or operation is missing', async () => {
    const states = new SFNClient(bench.client).send(new CreateActivityCommand({ name: 'a' }));
    const error = (await states.catch((raised: Error) => raised)) as Error;
    expect(error).to.include({ name: 'UnknownOperationException' });
    expect(error.message).to.contain('AWSStepFunctions.CreateActivity');
  });

  it('hand DynamoDB on after checking the signature', async () => {
    const answer = await new DynamoDBClient(bench.client).send(new ListTablesCommand({}));
    expect(answer.TableNames).to.deep.equal([]);
    const wrong = { ...bench.client, credentials: { ...bench.client.credentials, secretAccessKey: 'no' } };
    expect(await errorName(new DynamoDBClient(wrong).send(new ListTablesCommand({})))).to.equal(
      'SignatureDoesNotMatch',
    );
  });

  it('say that a port is in use', async () => {
    const port = Number(new URL(bench.url).port);
    const second = await openEndpoints(port).catch((error: Error) => error);
    expect(second).to.include({ name: 'PortInUse', message: `Port ${port} is in use.` });
  });

  it('listen on this machine only', () => {
    expect(new URL(bench.url).hostname).to.equal('127.0.0.1');
  });
});
