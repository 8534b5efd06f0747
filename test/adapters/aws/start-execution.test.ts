import { expect } from 'chai';
import { startExecution } from '../../../adapters/aws/start-execution';
import { awsBench } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';

describe('startExecution', () => {
  const bench = awsBench();
  const machine = () => bench().engine.machines.list()[0]?.stateMachineArn ?? '';
  const start = (input: object, stateMachineArn = machine()) =>
    startExecution({ client: bench().sfn })({ stateMachineArn, name: 'letter-1', input });

  it('starts under the name that it is given, and nothing a second time', async () => {
    expect(await start({ items: [1] })).to.equal('started');
    const [execution] = bench().engine.executions();
    expect([execution?.name, execution?.input]).to.deep.equal(['letter-1', '{"items":[1]}']);
    bench().engine.stopExecution(execution?.executionArn ?? '');
    expect(await start({ items: [1] })).to.equal('already-started');
    expect(await start({ items: [2] }), 'with another input').to.equal('already-started');
    expect(bench().engine.executions()).to.have.length(1);
  });

  it('says which machine could not be started', async () => {
    const error = await failureOf(start({}, machine().replace(/[^:]+$/, 'nothing')));
    expect(error.name).to.equal('NotFound');
    expect(error.message).to.match(/start arn:aws:states:.*:nothing: StateMachineDoesNotExist/);
  });
});
