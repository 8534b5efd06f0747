import { join } from 'node:path';
import { expect } from 'chai';
import { defaultCreditBudget } from '../../../domain/credit-budget';
import { createStoredValues, type StoredValues } from '../../../local/aws/stored-values';
import { beginWithBudget, type InitialBudget } from '../../../local/runs/begin-with-budget';
import { temporaryFolder } from '../../support/temporary-folder';

describe('beginWithBudget', () => {
  const folder = temporaryFolder();
  const begin = (budget: InitialBudget, values: StoredValues) =>
    beginWithBudget(budget, { parameter: NAME, file: join(folder(), 'initial-budget.json') }, values);
  const NAME = '/kiro-worker/test/credit-budget';
  const parameters = () => createStoredValues(() => new Date(0));
  const read = (values: ReturnType<typeof parameters>) => JSON.parse(values.get(NAME)?.value ?? '{}');

  it('sets the budget of the run, and another one when the next run begins with that', () => {
    const values = parameters();
    values.put(NAME, JSON.stringify(defaultCreditBudget));
    begin('unlimited', values);
    expect(read(values)).to.include({ itemCredits: null, dayCredits: null, breakerRuns: null, softStopPercent: 80 });
    begin('usual', values);
    expect(read(values)).to.deep.equal(defaultCreditBudget);
  });

  it('leaves what a person has set', () => {
    const values = parameters();
    values.put(NAME, JSON.stringify(defaultCreditBudget));
    const own = { ...defaultCreditBudget, dayCredits: 7 };
    values.put(NAME, JSON.stringify(own));
    begin('unlimited', values);
    expect(read(values)).to.deep.equal(own);
    values.put(NAME, JSON.stringify(defaultCreditBudget));
    begin('unlimited', values);
    expect(read(values), 'the same as at the beginning, but set by a person').to.deep.equal(defaultCreditBudget);
  });
});
