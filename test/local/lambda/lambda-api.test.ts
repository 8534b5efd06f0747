import * as client from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { createLambdaApi } from '../../../local/lambda/lambda-api';
import { temporaryFolder } from '../../support/temporary-folder';
import { schemaFaults } from '../asl/support/check-schema';
import { type AwsBench, errorName, openAwsBench } from '../aws/support/aws-bench';
import { openLambdaBench } from './support/lambda-bench';

describe('the local Lambda, asked by its SDK client,', () => {
  let aws: AwsBench;
  let bench: ReturnType<typeof openLambdaBench>;
  let lambda: client.LambdaClient;
  afterEach(async () => {
    lambda.destroy();
    await bench.lambda.close();
    await aws.close();
  });
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = openLambdaBench(folder());
    aws = await openAwsBench(folder(), { rest: [createLambdaApi(bench.lambda)] });
    lambda = new client.LambdaClient(aws.client);
  });

  const invoke = (FunctionName: string, more: Partial<client.InvokeCommandInput> = {}) =>
    lambda.send(new client.InvokeCommand({ FunctionName, ...more }));
  const text = ({ Payload }: client.InvokeCommandOutput) => Buffer.from(Payload ?? []).toString('utf8');

  it('gives output, status and version', async () => {
    const arn = await bench.deploy('export const handler = async ({ name }) => `Grüße, ${name}`;');
    const { $metadata: _, ...answer } = await invoke(arn, { Payload: Buffer.from('{"name":"Ada"}') });
    expect(schemaFaults(client.InvocationResponse$, { ...answer, Payload: 'a blob' })).to.deep.equal([
      '.Payload has an unexpected type',
    ]);
    expect(answer).to.include({ StatusCode: 200, ExecutedVersion: '1' }).and.not.to.have.property('FunctionError');
    expect(JSON.parse(text(answer as client.InvokeCommandOutput))).to.equal('Grüße, Ada');
  });

  it('gives a failing function as an answer with a function error', async () => {
    const arn = await bench.deploy('export const handler = async () => { throw new RangeError("no"); };');
    const answer = await invoke(arn);
    expect(answer).to.include({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(text(answer))).to.include({ errorType: 'RangeError', errorMessage: 'no' });
  });

  it('checks without running when it is a dry run', async () => {
    const arn = await bench.deploy('throw new Error("must not run");');
    expect(await invoke(arn, { InvocationType: 'DryRun' })).to.include({ StatusCode: 204 });
    expect(await errorName(invoke('none:1', { InvocationType: 'DryRun' }))).to.equal('ResourceNotFoundException');
  });

  it('refuses what it does not know, by the names that AWS has for it', async () => {
    const arn = await bench.deploy('export const handler = async () => 1;');
    const error = await invoke('none:1').catch((raised: unknown) => raised);
    expect(error).to.be.instanceOf(client.ResourceNotFoundException);
    expect(await errorName(invoke(arn, { InvocationType: 'Event' }))).to.equal('InvalidParameterValueException');
    expect(await errorName(invoke(arn, { Payload: Buffer.from('{') }))).to.equal('InvalidRequestContentException');
    expect(await errorName(lambda.send(new client.ListFunctionsCommand({})))).to.equal('UnknownOperationException');
  });
});
