import { expect } from 'chai';
import { readTaskEnvironment } from '../../../lambdas/_kit/env';
import { taskContracts } from '../../../lambdas/registry';

const base = { ENVIRONMENT: 'test', RELEASE: 'r1', AWS_REGION: 'eu-west-1' };
const contract = { name: 'some-task', needs: ['locks:read-write', 'executions:describe'] } as const;
const full = { ...base, LOCKS_TABLE: 'locks' };
const problemOf = (source: Record<string, string | undefined>): string => {
  try {
    readTaskEnvironment(contract, source);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'none';
};

describe('readTaskEnvironment', () => {
  it('gives what the stack has set, and defaults for the rest', () => {
    expect(
      readTaskEnvironment(contract, { ...full, MAX_CONCURRENT_ITEMS: '3', COVERAGE_THRESHOLD: '82.5' }),
    ).to.include({
      ENVIRONMENT: 'test',
      LOCKS_TABLE: 'locks',
      MAX_CONCURRENT_ITEMS: 3,
      COVERAGE_THRESHOLD: 82.5,
      GITHUB_API_URL: 'https://api.github.com',
      ARTIFACTS_BUCKET: '',
    });
    expect(readTaskEnvironment(contract, full)).to.include({ COVERAGE_THRESHOLD: 80, MAX_CONCURRENT_ITEMS: 1 });
  });

  const wrong: Record<string, readonly [Record<string, string | undefined>, RegExp]> = {
    'a threshold of 101': [{ ...full, COVERAGE_THRESHOLD: '101' }, /COVERAGE_THRESHOLD/],
    'a threshold below 0': [{ ...full, COVERAGE_THRESHOLD: '-1' }, /COVERAGE_THRESHOLD/],
    'an empty threshold, which would be 0': [{ ...full, COVERAGE_THRESHOLD: '' }, /COVERAGE_THRESHOLD/],
    'a threshold of words': [{ ...full, COVERAGE_THRESHOLD: 'eighty' }, /must be a number/],
    'a threshold in hexadecimal': [{ ...full, COVERAGE_THRESHOLD: '0x50' }, /must be a number/],
    'half a slot': [{ ...full, MAX_CONCURRENT_ITEMS: '1.5' }, /MAX_CONCURRENT_ITEMS/],
    'no slot': [{ ...full, MAX_CONCURRENT_ITEMS: '0' }, /MAX_CONCURRENT_ITEMS/],
    'an address that is none': [{ ...full, GITHUB_API_URL: 'github' }, /GITHUB_API_URL/],
    'an account that is none': [{ ...full, AWS_ACCOUNT_ID: '123' }, /AWS_ACCOUNT_ID/],
    'no environment': [{ ...full, ENVIRONMENT: undefined }, /ENVIRONMENT/],
    'a variable of a need that is not set': [base, /some-task is configured wrongly: LOCKS_TABLE is not set\./],
    'a variable of a need that is empty': [{ ...full, LOCKS_TABLE: '' }, /LOCKS_TABLE is not set/],
  };
  for (const [what, [source, message]] of Object.entries(wrong))
    it(`refuses ${what} as a ValidationError that names it`, () => {
      expect(problemOf(source))
        .to.match(/^ValidationError: /)
        .and.match(message);
    });

  it('asks of each task only what its contract needs', () => {
    const everything = {
      ...full,
      ARTIFACTS_BUCKET: 'a',
      BOARD_SETTINGS_PARAMETER: 'b',
      GITHUB_TOKEN_SECRET: 'c',
      DEAD_LETTER_QUEUE_URL: 'd',
      CREDIT_BUDGET_PARAMETER: 'e',
    };
    for (const each of taskContracts) expect(() => readTaskEnvironment(each, everything), each.name).to.not.throw();
    const gate = taskContracts.find(({ name }) => name === 'coverage-gate');
    if (gate) expect(() => readTaskEnvironment(gate, { ...base, ARTIFACTS_BUCKET: 'a' })).to.not.throw();
  });
});
