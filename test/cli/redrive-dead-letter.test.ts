import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import type { DeadLetters } from '../../cli/dead-letters';
import { queueDeadLetters } from '../../cli/queue-dead-letters';
import { redriveDeadLetter } from '../../cli/redrive-dead-letter';
import { type Names, namesOf } from '../../config/naming';
import { awsBench, names as benchNames } from '../support/aws-bench';
import { deadLetterOf } from '../support/dead-letters';
import { failureOf } from '../support/failure-of';
import { workItem } from '../support/work-items';

const queueName: string = 'dead-letters';
const names: Names = {
  ...namesOf({ name: 'test', account: '111122223333', region: 'eu-west-1' }),
  deadLetterQueue: queueName as Names['deadLetterQueue'],
};

describe('redriveDeadLetter', () => {
  const bench = awsBench();
  const letter = deadLetterOf('letter');
  const arnOf = (name: string) => `${names.executionArns}:${name}`;

  /** Ends an execution as a killed process or an operator does. */
  const abort = (name: string) => bench().engine.stopExecution(arnOf(name));
  const started = () =>
    bench()
      .engine.executions()
      .map(({ name }) => name);

  type Settle = (executionArn: string) => Promise<string | null>;
  const compose = (settle: Settle = async () => null, sfn: SFNClient = bench().sfn): Promise<DeadLetters> => {
    const { s3, sqs } = bench();
    return queueDeadLetters(names, { s3, sqs, sfn }, { settle, close: async () => undefined });
  };
  const redrive = async (settle?: Settle) => redriveDeadLetter(letter, await compose(settle));
  const left = async () => (await (await compose()).list()).map(({ id }) => id);

  /** What executions do from now on; without it they wait until they are ended. */
  const deploy = (state: object) => {
    const { machines } = bench().engine;
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: state } });
    machines.update(names.stateMachineArn, { definition });
    const { versionArn } = machines.publish(names.stateMachineArn);
    machines.updateAlias(`${names.stateMachineArn}:live`, {
      routes: [{ stateMachineVersionArn: versionArn, weight: 100 }],
    });
  };

  beforeEach(async () => {
    const { engine, sqs } = bench();
    const { versionArn } = engine.machines.publish(names.stateMachineArn);
    engine.machines.createAlias('live', [{ stateMachineVersionArn: versionArn, weight: 100 }]);
    const MessageBody = JSON.stringify(letter);
    await sqs.send(new SendMessageCommand({ QueueUrl: benchNames.queueUrl, MessageBody }));
  });

  it('starts the item under the id of its dead letter, and removes that', async () => {
    expect(await redrive()).to.deep.equal({ executionArn: arnOf('letter'), outcome: 'started', ended: null });
    const [execution] = bench().engine.executions();
    expect(JSON.parse(execution?.input ?? '')).to.deep.equal({ items: [workItem()], redrive: true, dryRun: false });
    expect(await left()).to.deep.equal([]);
  });

  it('leaves logs where AWS keeps them, unless they lie on this machine', async () => {
    const inAws = await (await compose()).placeOf(letter, 'builds/x/a.log');
    expect(inAws).to.equal(`s3://${names.artifactsBucket}/builds/x/a.log`);
  });

  it('removes the dead letter only when the execution has settled', async () => {
    const seen: (readonly string[])[] = [];
    await redrive(async () => {
      seen.push(await left());
      return 'green';
    });
    expect(seen).to.deep.equal([['letter']]);
    expect(await left()).to.deep.equal([]);
  });

  it('starts nothing while an earlier redrive runs', async () => {
    await (await compose()).start(letter, 'letter'); // and was killed before it could remove the message
    expect(await redrive()).to.include({ executionArn: arnOf('letter') });
    expect(started()).to.deep.equal(['letter']);
    expect(await left()).to.deep.equal([]);
  });

  it('keeps the dead letter of an execution that was aborted, and starts it anew the next time', async () => {
    const killed = await redrive(async (executionArn) => {
      bench().engine.stopExecution(executionArn);
      return null;
    });
    expect(killed).to.include({ outcome: 'started', ended: 'interrupted' });
    expect(await left()).to.deep.equal(['letter']);

    expect(await redrive()).to.include({ executionArn: arnOf('letter-1'), outcome: 'started' });
    expect(await left()).to.deep.equal([]);
  });

  it('counts on as long as executions die, and comes to the same one when it is repeated', async () => {
    const deadLetters = await compose();
    for (const name of ['letter', 'letter-1']) {
      await deadLetters.start(letter, name);
      abort(name);
    }
    for (let time = 0; time < 2; time += 1)
      expect(await redriveDeadLetter(letter, deadLetters)).to.include({ executionArn: arnOf('letter-2') });
    expect([...started()].sort()).to.deep.equal(['letter', 'letter-1', 'letter-2']);
  });

  for (const [state, how] of [
    [{ Type: 'Succeed' }, 'succeeded'],
    [{ Type: 'Fail', Error: 'NotFound' }, 'failed by itself'],
  ] as const)
    it(`starts nothing where an execution ${how}: that one has told its own story`, async () => {
      deploy(state);
      await (await compose()).start(letter, 'letter');
      await bench().engine.waitForEnd(arnOf('letter'));
      expect(await redrive()).to.include({ outcome: 'already-started', ended: null });
      expect(started()).to.deep.equal(['letter']);
      expect(await left()).to.deep.equal([]);
    });

  it('finds names of at most 80 characters', async () => {
    const long = deadLetterOf('x'.repeat(80));
    const deadLetters = await compose();
    await deadLetters.start(long, long.id);
    abort(long.id);
    await redriveDeadLetter(long, deadLetters);
    expect([...started()].sort()).to.deep.equal([`${'x'.repeat(78)}-1`, long.id]);
  });

  it('keeps the dead letter while it cannot be told what became of the execution', async () => {
    const mute = {
      send: async (command: object) => {
        if (command instanceof DescribeExecutionCommand) throw new Error('throttled');
        return bench().sfn.send(command as DescribeExecutionCommand);
      },
    } as unknown as SFNClient;
    const error = await failureOf(redriveDeadLetter(letter, await compose(async () => null, mute)));
    expect(error.name).to.equal('AwsUnavailable');
    expect(error.message).to.match(/the dead letter letter is kept/);
    expect(await left()).to.deep.equal(['letter']);
  });
});
