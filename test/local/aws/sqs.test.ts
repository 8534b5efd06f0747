import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sqs from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { createSqs } from '../../../local/aws/sqs';
import { temporaryFolder } from '../../support/temporary-folder';
import { type AwsBench, errorName, openAwsBench } from './support/aws-bench';

describe('the local SQS', () => {
  let bench: AwsBench;
  let client: sqs.SQSClient;
  let time: number;
  // Hooks run in this order: the folder goes last.
  afterEach(async () => {
    client.destroy();
    await bench.close();
  });
  const folder = temporaryFolder();
  const open = async () => {
    bench = await openAwsBench(folder(), { now: () => new Date(time) });
    client = new sqs.SQSClient(bench.client);
  };
  beforeEach(async () => {
    time = Date.parse('2030-01-01T00:00:00Z');
    await open();
  });

  const queue = () => ({ QueueUrl: bench.queueUrl });
  const send = (MessageBody: string) => client.send(new sqs.SendMessageCommand({ ...queue(), MessageBody }));
  const receive = async (more: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
    (await client.send(new sqs.ReceiveMessageCommand({ ...queue(), MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
  const remove = ({ ReceiptHandle }: sqs.Message) =>
    client.send(new sqs.DeleteMessageCommand({ ...queue(), ReceiptHandle }));
  const bodies = (messages: readonly sqs.Message[]) => messages.map(({ Body }) => Body);

  it('lends a message to one consumer at a time, and again when its time is up', async () => {
    await send('a');
    await send('b');
    const [first, second] = await Promise.all([receive({ MaxNumberOfMessages: 1 }), receive()]);
    expect([...bodies(first), ...bodies(second)].sort()).to.deep.equal(['a', 'b']);
    expect(await receive()).to.deep.equal([]);
    time += 30_000;
    const again = await receive();
    expect(bodies(again)).to.deep.equal(['a', 'b']);
    expect(again.map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).to.deep.equal(['2', '2']);
  });

  it('forgets a deleted message, and keeps one that somebody else has by now', async () => {
    await send('a');
    const [old] = await receive({ VisibilityTimeout: 5 });
    time += 5_000;
    const [current] = await receive();
    await remove(old as sqs.Message);
    time += 30_000;
    expect(bodies(await receive())).to.deep.equal(['a']);
    await remove(current as sqs.Message);
    time += 30_000;
    const [last] = await receive();
    await remove(last as sqs.Message);
    time += 30_000;
    expect(await receive()).to.deep.equal([]);
  });

  it('gives a message back at once when its visibility is set to 0', async () => {
    await send('a');
    const [lent] = await receive();
    const visibility = { ...queue(), VisibilityTimeout: 0 };
    await client.send(new sqs.ChangeMessageVisibilityCommand({ ...visibility, ReceiptHandle: lent?.ReceiptHandle }));
    expect(bodies(await receive())).to.deep.equal(['a']);
    const stale = client.send(new sqs.ChangeMessageVisibilityCommand({ ...visibility, ReceiptHandle: 'none' }));
    expect(await errorName(stale)).to.equal('ReceiptHandleIsInvalid');
  });

  it('keeps messages over a restart, and lends those anew that nobody can have any more', async () => {
    await send('lent');
    await receive();
    await send('waiting');
    await bench.close();
    await open();
    expect(bodies(await receive())).to.deep.equal(['lent', 'waiting']);
    expect(await receive()).to.deep.equal([]);
  });

  it('counts what is visible and what is lent', async () => {
    await send('a');
    await send('b');
    await receive({ MaxNumberOfMessages: 1 });
    const { Attributes } = await client.send(
      new sqs.GetQueueAttributesCommand({ ...queue(), AttributeNames: ['All'] }),
    );
    expect(Attributes).to.deep.equal({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await client.send(new sqs.PurgeQueueCommand(queue()));
    time += 30_000;
    expect(await receive()).to.deep.equal([]);
  });

  it('knows queues apart', async () => {
    const { QueueUrl } = await client.send(new sqs.GetQueueUrlCommand({ QueueName: 'others' }));
    await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'elsewhere' }));
    expect(await receive()).to.deep.equal([]);
    expect(bodies(await receive({ QueueUrl }))).to.deep.equal(['elsewhere']);
  });

  it('refuses what it does not know', async () => {
    const unknown = { QueueUrl: `${bench.url}/123456789012/nobody`, MessageBody: 'x' };
    expect(await errorName(client.send(new sqs.SendMessageCommand(unknown)))).to.equal('QueueDoesNotExist');
    expect(await errorName(client.send(new sqs.GetQueueUrlCommand({ QueueName: 'nobody' })))).to.equal(
      'QueueDoesNotExist',
    );
    expect(await errorName(send('x'.repeat(1024 * 1024 + 1)))).to.equal('InvalidParameterValue');
    const delayed = client.send(new sqs.SendMessageCommand({ ...queue(), MessageBody: 'x', DelaySeconds: 5 }));
    expect(await errorName(delayed)).to.equal('ValidationException');
    expect(await errorName(client.send(new sqs.ListQueuesCommand({})))).to.equal('UnknownOperationException');
  });

  it('refuses a file without any queue as damaged: it would look like an empty one', () => {
    const file = join(folder(), 'queues.json');
    const openFile = () =>
      createSqs({ file, queues: [{ name: 'q', url: 'http://q', visibilitySeconds: 30 }], now: () => new Date(time) });
    openFile().send('http://q', 'a');
    writeFileSync(file, '{}');
    expect(openFile)
      .to.throw(/queues\.json cannot be read: it is damaged/)
      .with.property('name', 'ValidationError');
    rmSync(file);
    expect(openFile, 'a missing one is a queue that has had no message').to.not.throw();
  });
});
