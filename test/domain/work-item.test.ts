import { expect } from 'chai';
import {
  artifactPrefix,
  buildKeys,
  checkoutKeys,
  publishKeys,
  receiptKey,
  verdictKey,
} from '../../domain/artifact-keys';
import { failedStepKey } from '../../domain/failed-step-key';
import { repositoryNameSchema, workItemSchema } from '../../domain/work-item';
import { workItem } from '../support/work-items';

describe('workItemSchema', () => {
  it('takes a sound item and nothing beside it', () => {
    expect(workItemSchema.parse(workItem())).to.deep.equal(workItem());
    expect(workItemSchema.safeParse({ ...workItem(), colour: 'red' }).success).to.equal(false);
  });

  const wrong: Record<string, object> = {
    'a branch with a space': { branch: 'a b' },
    'a branch with ..': { branch: 'a..b' },
    'a base branch that is an option': { baseBranch: '--upload-pack=x' },
    'a spec folder outside': { specPath: '../x' },
    'a repository without owner': { repository: 'shop' },
    'an issue 0': { issueNumber: 0 },
    'no item id': { itemId: '' },
    'a day instead of a moment': { createdAt: '2026-01-01' },
  };
  for (const [what, change] of Object.entries(wrong))
    it(`refuses ${what}, and names the field`, () => {
      const parsed = workItemSchema.safeParse({ ...workItem(), ...change });
      expect(parsed.error?.issues[0]?.path).to.deep.equal(Object.keys(change));
    });
});

describe('repositoryNameSchema', () => {
  it('takes names as GitHub has them, and no paths', () => {
    for (const name of ['acme/shop', 'a-b/c.d_e', 'A/1'])
      expect(repositoryNameSchema.safeParse(name).success, name).to.equal(true);
    for (const name of [
      'acme',
      'acme/',
      '/shop',
      'acme/../x',
      'acme/..',
      'acme/.',
      'a/b/c',
      'a b/c',
      'acme/shop.git\n',
      'ä/b',
      '',
    ])
      expect(repositoryNameSchema.safeParse(name).success, name).to.equal(false);
  });
});

describe('the keys of artifacts', () => {
  it('keep what the builder, the git project and the gate write apart, as their roles do', () => {
    const prefix = artifactPrefix('run-1');
    const of = (keys: object) => Object.values(keys).filter((key) => typeof key === 'string');
    expect(of(checkoutKeys(prefix)).every((key) => key.startsWith('builds/run-1/checkout/'))).to.equal(true);
    expect(of(buildKeys(prefix)).every((key) => key.startsWith('builds/run-1/build/'))).to.equal(true);
    expect(buildKeys(prefix).log('a.txt')).to.equal('builds/run-1/build/logs/a.txt');
    expect(buildKeys(prefix).coverage('after', 'lcov.info')).to.equal('builds/run-1/build/coverage/after/lcov.info');
    expect(of(publishKeys(prefix)).every((key) => key.startsWith('builds/run-1/publish/'))).to.equal(true);
    expect(verdictKey('run-1')).to.equal('verdicts/run-1.json');
  });

  it('sort receipts by time', () => {
    const keys = ['2026-11-01T10:00:00.000Z', '2026-11-01T09:00:00.000Z', '2026-10-31T23:59:59.999Z'].map((at) =>
      receiptKey(at, 'x'),
    );
    expect([...keys].sort()).to.deep.equal([...keys].reverse());
    expect(keys[0]).to.equal('receipts/2026-11-01/2026-11-01T10:00:00.000Z-x.json');
  });

  it('lead to the words of the step that failed, where it was a build', () => {
    expect(failedStepKey('run-1', 'Checkout')).to.equal('builds/run-1/checkout/error.json');
    expect(failedStepKey('run-1', 'Build')).to.equal('builds/run-1/build/error.json');
    expect(failedStepKey('run-1', 'Publish')).to.equal('builds/run-1/publish/error.json');
    expect(failedStepKey('run-1', 'CoverageGate')).to.equal(null);
  });
});
