import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { type AwsBench, errorName, openAwsBench } from './support/aws-bench';

describe('the local Secrets Manager', () => {
  let bench: AwsBench;
  let client: secretsManager.SecretsManagerClient;
  // Hooks run in this order: the folder goes last.
  afterEach(() => bench.close());
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = await openAwsBench(folder());
    client = new secretsManager.SecretsManagerClient(bench.client);
  });
  const get = (SecretId: string) => client.send(new secretsManager.GetSecretValueCommand({ SecretId }));
  const put = (SecretId: string, SecretString: string) =>
    client.send(new secretsManager.PutSecretValueCommand({ SecretId, SecretString }));

  it('gives the current value by name and by ARN, each change as a new version', async () => {
    await put('known', 'one');
    const first = await get('known');
    await put(first.ARN ?? '', 'two');
    const second = await get(first.ARN ?? '');
    expect([first.SecretString, second.SecretString]).to.deep.equal(['one', 'two']);
    expect(first.VersionId).not.to.equal(second.VersionId);
    expect(second.VersionStages).to.deep.equal(['AWSCURRENT']);
  });

  it('tells a secret without a value from one that does not exist', async () => {
    const empty = await get('empty').catch((error: Error) => error);
    expect(empty).to.include({ name: 'ResourceNotFoundException' });
    expect((empty as Error).message).to.contain('AWSCURRENT');
    const unknown = await get('unknown').catch((error: Error) => error);
    expect((unknown as Error).message).to.equal("Secrets Manager can't find the specified secret.");
    expect(await errorName(put('unknown', 'x'))).to.equal('ResourceNotFoundException');
    const described = await client.send(new secretsManager.DescribeSecretCommand({ SecretId: 'empty' }));
    expect(described).to.include({ Name: 'empty' }).and.not.to.have.property('LastChangedDate');
  });

  it('keeps values for as long as it runs, and in no file', async () => {
    await put('known', 'a value that nobody else has');
    const files = readdirSync(folder(), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.endsWith('dynamodb'), // tables, which open and close files of their own
    );
    const holding = files.filter(({ parentPath, name }) =>
      readFileSync(join(parentPath, name), 'latin1').includes('a value that nobody else has'),
    );
    expect(holding).to.deep.equal([]);
    await bench.close();
    bench = await openAwsBench(folder());
    client = new secretsManager.SecretsManagerClient(bench.client);
    expect(await errorName(get('known'))).to.equal('ResourceNotFoundException');
  });

  it('refuses an earlier stage and an operation that it does not have', async () => {
    const previous = { SecretId: 'known', VersionStage: 'AWSPREVIOUS' };
    expect(await errorName(client.send(new secretsManager.GetSecretValueCommand(previous)))).to.equal(
      'ValidationException',
    );
    expect(await errorName(client.send(new secretsManager.ListSecretsCommand({})))).to.equal(
      'UnknownOperationException',
    );
  });
});

describe('the local Parameter Store', () => {
  let bench: AwsBench;
  let client: ssm.SSMClient;
  // Hooks run in this order: the folder goes last.
  afterEach(() => bench.close());
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = await openAwsBench(folder());
    client = new ssm.SSMClient(bench.client);
  });
  const put = (Name: string, Value: string, Overwrite = false) =>
    client.send(new ssm.PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));

  it('gives one, several and all of a path', async () => {
    await put('/w/a', '1');
    await put('/w/features/x', '2');
    await put('/wide', '3');
    const { Parameter } = await client.send(new ssm.GetParameterCommand({ Name: '/w/a' }));
    expect(Parameter).to.include({ Value: '1', Version: 1, ARN: 'arn:aws:ssm:eu-west-1:123456789012:parameter/w/a' });
    const several = await client.send(new ssm.GetParametersCommand({ Names: ['/w/a', '/none'] }));
    expect(several.Parameters?.map(({ Name }) => Name)).to.deep.equal(['/w/a']);
    expect(several.InvalidParameters).to.deep.equal(['/none']);
    const namesBelow = async (Recursive: boolean) =>
      (await client.send(new ssm.GetParametersByPathCommand({ Path: '/w', Recursive }))).Parameters?.map(
        ({ Name }) => Name,
      );
    expect(await namesBelow(false)).to.deep.equal(['/w/a']);
    expect(await namesBelow(true)).to.deep.equal(['/w/a', '/w/features/x']);
  });

  it('changes a value only when it is told to overwrite it', async () => {
    await put('/w/a', '1');
    expect(await errorName(put('/w/a', '2'))).to.equal('ParameterAlreadyExists');
    const { Version } = await put('/w/a', '2', true);
    expect(Version).to.equal(2);
  });

  it('names what does not exist', async () => {
    const missing = client.send(new ssm.GetParameterCommand({ Name: '/none' }));
    expect(await errorName(missing)).to.equal('ParameterNotFound');
    expect(await errorName(client.send(new ssm.DescribeParametersCommand({})))).to.equal('UnknownOperationException');
  });
});
