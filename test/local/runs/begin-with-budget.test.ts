import { expect } from 'chai';
import { defaultCreditBudget } from '../../../domain/credit-budget';
import { createStoredValues } from '../../../local/aws/stored-values';
import { beginWithBudget } from '../../../local/runs/begin-with-budget';

describe('beginWithBudget', () => {
  const NAME = '/kiro-worker/test/credit-budget';
  const parameters = () => createStoredValues(() => new Date(0));
  const read = (values: ReturnType<typeof parameters>) => JSON.parse(values.get(NAME)?.value ?? '{}');

  it('sets the budget of the run, and another one when the next run begins with that', () => {
    const values = parameters();
    values.put(NAME, JSON.stringify(defaultCreditBudget));
    beginWithBudget('unlimited', NAME, values);
    expect(read(values)).to.include({ itemCredits: null, dayCredits: null, breakerRuns: null, softStopPercent: 80 });
    beginWithBudget('usual', NAME, values);
    expect(read(values)).to.deep.equal(defaultCreditBudget);
  });

  it('leaves what a person has set', () => {
    const values = parameters();
    const own = { ...defaultCreditBudget, dayCredits: 7 };
    values.put(NAME, JSON.stringify(own));
    beginWithBudget('unlimited', NAME, values);
    expect(read(values)).to.deep.equal(own);
    expect(values.get(NAME)?.version).to.equal(1);
  });
});
