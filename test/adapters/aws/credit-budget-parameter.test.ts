import { SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { cachedCreditBudget, creditBudgetParameter } from '../../../adapters/aws/credit-budget-parameter';
import { defaultCreditBudget } from '../../../domain/credit-budget';
import { awsBench } from '../../support/aws-bench';
import { failureOf } from '../../support/failure-of';
import { credentials } from '../../support/locks-table';

const NAME = '/kiro-worker/test/credit-budget';

describe('the budget in Parameter Store', () => {
  const aws = awsBench();
  const before = { ...process.env };
  let ssm: SSMClient;
  beforeEach(() => {
    Object.assign(process.env, aws().env);
    ssm = new SSMClient({ endpoint: aws().url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  });
  afterEach(() => {
    ssm.destroy();
    process.env = { ...before };
  });
  const operator = () => creditBudgetParameter({ parameter: NAME }, { client: ssm });

  it('has the defaults where nobody has written one', async () => {
    expect(await operator().read()).to.deep.equal(defaultCreditBudget);
    expect(await cachedCreditBudget({ parameter: NAME })()).to.deep.equal(defaultCreditBudget);
  });

  it('is read as an operator wrote it, and what is absent has its default', async () => {
    await operator().write({ ...defaultCreditBudget, dayCredits: null, itemCredits: 12.5 });
    const expected = { ...defaultCreditBudget, dayCredits: null, itemCredits: 12.5 };
    expect(await operator().read()).to.deep.equal(expected);
    expect(await cachedCreditBudget({ parameter: NAME })()).to.deep.equal(expected);
    aws().parameters.put(NAME, '{"itemCredits":7}');
    expect(await operator().read()).to.deep.equal({ ...defaultCreditBudget, itemCredits: 7 });
  });

  for (const [what, value] of Object.entries({
    'is no JSON': '{',
    'has an unknown field': '{"credits":1}',
    'counts unknown runs as nothing': '{"unknownRunCredits":0}',
    'is negative': '{"dayCredits":-1}',
    'is beyond all numbers': '{"dayCredits":1e999}',
    'stops at 0 %': '{"softStopPercent":0}',
    'is no object': '[]',
  }))
    it(`is refused, with the name of the parameter, when it ${what}`, async () => {
      aws().parameters.put(NAME, value);
      for (const read of [operator().read, cachedCreditBudget({ parameter: NAME })]) {
        const error = await failureOf(read());
        expect([error.name, error.message.includes(NAME)]).to.deep.equal(['BudgetInvalid', true]);
      }
    });

  it('says that it could not be read or written', async () => {
    ssm.config.credentials = async () => ({ accessKeyId: 'AKIDSTRANGER', secretAccessKey: 'x' });
    process.env.AWS_ACCESS_KEY_ID = 'AKIDSTRANGER';
    expect((await failureOf(operator().read())).message).to.contain(`read the parameter ${NAME}`);
    expect((await failureOf(operator().write(defaultCreditBudget))).message).to.contain(`write the parameter ${NAME}`);
    expect((await failureOf(cachedCreditBudget({ parameter: NAME })())).message).to.contain('read the parameter');
  });
});
