import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import { itemExecutions } from '../../../adapters/aws/item-executions';
import { awsBench } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';

describe('itemExecutions', () => {
  const aws = awsBench();
  const answering = (answer: object) => itemExecutions({ client: { send: async () => answer } as never });
  const ARN = 'arn:aws:states:eu-west-1:111122223333:execution:kiro-worker-test/items:run-1';

  it('describes a running execution', async () => {
    const arn = aws().startExecution();
    const found = await itemExecutions({ client: aws().sfn }).describe(arn);
    expect(found).to.include({ executionArn: arn, status: 'RUNNING', outcome: null, endedAt: null, itemId: null });
  });

  it('reads what an execution has ended with', async () => {
    const base = { executionArn: ARN, name: 'run-1', startDate: new Date(0), stopDate: new Date(1000) };
    const input = JSON.stringify({ item: { itemId: 'PVTI_1' } });
    const output = JSON.stringify({ outcome: 'skipped', reason: 'held', summary: 'Somebody has it.' });
    expect(await answering({ ...base, status: 'SUCCEEDED', input, output }).describe(ARN)).to.deep.equal({
      executionArn: ARN,
      name: 'run-1',
      status: 'SUCCEEDED',
      itemId: 'PVTI_1',
      startedAt: '1970-01-01T00:00:00.000Z',
      endedAt: '1970-01-01T00:00:01.000Z',
      outcome: 'skipped',
      reason: 'held',
      message: 'Somebody has it.',
    });
    const failed = { ...base, status: 'FAILED', input: 'no json', error: 'NotFound' };
    expect(await answering({ ...failed, cause: '{"errorMessage":"gone"}' }).describe(ARN)).to.include({
      itemId: null,
      outcome: null,
      reason: 'NotFound',
      message: 'gone',
    });
    expect(await answering({ ...failed, cause: 'plain' }).describe(ARN)).to.include({ message: 'plain' });
    expect(await answering({ ...base, output: '[1]', input: '"x"' }).describe(ARN)).to.include({ status: 'UNKNOWN' });
  });

  it('knows nothing of executions that are gone, and says so of anything else', async () => {
    const nobody = 'arn:aws:states:eu-west-1:111122223333:execution:kiro-worker-test:nobody';
    expect(await itemExecutions({ client: aws().sfn }).describe(nobody)).to.equal(null);
    const gone = {
      send: async () => {
        throw new ExecutionDoesNotExist({ message: 'gone', $metadata: {} });
      },
    };
    expect(await itemExecutions({ client: gone as never }).startedBy(nobody)).to.deep.equal([]);
    aws().sfn.config.credentials = async () => ({ accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'x' });
    const client = { client: aws().sfn };
    expect((await failureOf(itemExecutions(client).describe(ARN))).message).to.contain(`describe the execution ${ARN}`);
    expect((await failureOf(itemExecutions(client).startedBy(ARN))).message).to.contain('list what');
  });

  it('lists what a tick has started, and nothing for one that has started nothing', async () => {
    const arn = aws().startExecution();
    expect(await itemExecutions({ client: aws().sfn }).startedBy(arn)).to.deep.equal([]);
    const client = {
      send: async (command: { readonly input: { readonly mapRunArn?: string } }) =>
        command.input.mapRunArn ? { executions: [{ executionArn: ARN }] } : { mapRuns: [{ mapRunArn: 'map' }] },
    };
    expect(await itemExecutions({ client: client as never }).startedBy(arn)).to.deep.equal([ARN]);
  });
});
