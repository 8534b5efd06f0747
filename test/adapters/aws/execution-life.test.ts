import { expect } from 'chai';
import { stepFunctionsExecutionLife } from '../../../adapters/aws/execution-life';
import { hasEnded } from '../../../domain/lock-row';
import { awsBench } from '../../support/aws-bench';

describe('stepFunctionsExecutionLife', () => {
  const bench = awsBench();
  const lifeOf = (arn: string) => stepFunctionsExecutionLife({ client: bench().sfn })(arn);

  it('says running of one that runs and died of one that was stopped', async () => {
    const arn = bench().startExecution();
    expect(await lifeOf(arn)).to.equal('running');
    bench().engine.stopExecution(arn);
    expect(await lifeOf(arn)).to.equal('died');
  });

  it('says died of one that does not exist, or no longer', async () => {
    const arn = 'arn:aws:states:eu-west-1:111122223333:execution:kiro-worker-test:nobody';
    expect(await lifeOf(arn)).to.equal('died');
  });

  it('says unknown, which is no end, when Step Functions cannot be asked', async () => {
    const arn = bench().startExecution();
    bench().sfn.config.credentials = async () => ({ accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'x' });
    expect(await lifeOf(arn)).to.equal('unknown');
    expect(hasEnded('unknown')).to.equal(false);
    expect(await lifeOf('not an arn')).to.equal('unknown');
  });

  for (const [status, life] of Object.entries({
    SUCCEEDED: 'succeeded',
    FAILED: 'failed',
    TIMED_OUT: 'died',
    PENDING_REDRIVE: 'running',
    SOMETHING_NEW: 'unknown',
  }))
    it(`reads ${status} as ${life}`, async () => {
      const client = { send: async () => ({ status }) } as never;
      expect(await stepFunctionsExecutionLife({ client })('arn')).to.equal(life);
    });
});
