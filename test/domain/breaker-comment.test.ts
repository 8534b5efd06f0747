import { expect } from 'chai';
import { breakerComment } from '../../domain/breaker-comment';
import { freshBreaker } from '../../domain/circuit-breaker';
import { defaultCreditBudget } from '../../domain/credit-budget';

describe('breakerComment', () => {
  it('gives commands that are about the environment that has stopped, in AWS and on one machine', () => {
    const comment = (commandOption: string): string =>
      breakerComment({ itemId: 'PVTI_1' }, { environment: 'test', commandOption }, freshBreaker, defaultCreditBudget);
    expect(comment(' --env test')).to.contain('`kiro-worker breaker close --env test`');
    expect(comment(' --env test')).to.contain('`kiro-worker budget show --env test`');
    expect(comment('')).to.contain('`kiro-worker breaker close`').and.contain('`kiro-worker budget show`');
  });
});
