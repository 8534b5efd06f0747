import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { sqsDeadLetterQueue } from '../../../adapters/aws/dead-letter-queue';
import { awsBench, names } from '../../support/aws-bench';
import { deadLetterOf as letter } from '../../support/dead-letters';
import { failureOf } from '../../support/failure-of';

describe('sqsDeadLetterQueue', () => {
  const bench = awsBench();
  const queue = () => sqsDeadLetterQueue({ queueUrl: names.queueUrl }, { client: bench().sqs });
  const sendRaw = (body: string) =>
    bench().sqs.send(new SendMessageCommand({ QueueUrl: names.queueUrl, MessageBody: body }));
  const idsOf = async () => (await queue().list()).map(({ id }) => id);

  it('lists what was sent, whole and oldest first, and leaves it there', async () => {
    const [late, early] = [letter('late', { failedAt: '2026-11-02T00:00:00.000Z' }), letter('early')];
    await queue().send(late);
    await queue().send(early);
    expect(await queue().list()).to.deep.equal([early, late]);
    expect(await queue().list()).to.deep.equal([early, late]);
  });

  it('lists one that was sent twice once, with the words of whoever knew more', async () => {
    const own = letter('a');
    const found = letter('a', { step: 'Unknown', error: 'ExecutionFailed', cause: 'could not clean up' });
    await queue().send(own);
    await queue().send(found);
    expect(await queue().list()).to.deep.equal([own]);
    await queue().remove('a');
    await queue().send(found);
    await queue().send(own);
    expect(await queue().list()).to.deep.equal([own]);
  });

  it('reads more than one batch', async () => {
    for (let index = 0; index < 25; index += 1) await queue().send(letter(`id-${index}`));
    expect(await queue().list()).to.have.length(25);
  });

  it('removes every message of a dead letter and no other, and is harmless when repeated', async () => {
    for (const id of ['a', 'b', 'a', 'c']) await queue().send(letter(id));
    await queue().remove('a');
    await queue().remove('a');
    expect(await idsOf()).to.have.members(['b', 'c']);
  });

  it('passes over messages of others and keeps them', async () => {
    await sendRaw('{"scheduled":"tick that could not be delivered"}');
    await sendRaw('not JSON');
    await queue().send(letter('a'));
    expect(await idsOf()).to.deep.equal(['a']);
    await queue().remove('a');
    const { Messages } = await bench().sqs.send(
      new ReceiveMessageCommand({ QueueUrl: names.queueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(Messages).to.have.length(2);
  });

  it('reads letters of a release that did not know dry runs yet', async () => {
    const { dryRun: _, ...old } = letter('old');
    await sendRaw(JSON.stringify(old));
    expect(await queue().list()).to.deep.equal([letter('old')]);
  });

  it('shows the letter again when somebody who looked at it has crashed', async () => {
    await queue().send(letter('a'));
    await bench().sqs.send(new ReceiveMessageCommand({ QueueUrl: names.queueUrl, VisibilityTimeout: 30 }));
    expect(await idsOf(), 'hidden for the moment').to.deep.equal([]);
    bench().wait(31);
    expect(await idsOf()).to.deep.equal(['a']);
  });

  it('says which queue operation failed', async () => {
    const nowhere = sqsDeadLetterQueue(
      { queueUrl: names.queueUrl.replace('dead-letters', 'nowhere') },
      { client: bench().sqs },
    );
    const error = await failureOf(nowhere.send(letter('a')));
    expect(error.name).to.equal('NotFound');
    expect(error.message).to.match(/send to the dead-letter queue: QueueDoesNotExist/);
    expect((await failureOf(nowhere.list())).message).to.match(/read the dead-letter queue/);
    await queue().send(letter('a'));
    const client = {
      send: async (command: object) => {
        if (command instanceof DeleteMessageCommand) throw Object.assign(new Error('no'), { name: 'AccessDenied' });
        return bench().sqs.send(command as ReceiveMessageCommand);
      },
    } as unknown as SQSClient;
    const keeping = sqsDeadLetterQueue({ queueUrl: names.queueUrl }, { client });
    const denied = await failureOf(keeping.remove('a'));
    expect([denied.name, denied.message]).to.deep.equal([
      'PermissionDenied',
      'AWS denied to remove from the dead-letter queue: no',
    ]);
  });
});
