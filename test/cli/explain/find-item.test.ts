import { expect } from 'chai';
import { findItem, isMeant } from '../../../cli/explain/find-item';
import { workItem } from '../../support/work-items';
import { deadLetter, decided, tick } from './facts-of';

const url = 'https://github.com/acme/shop/issues/12';

describe('isMeant', () => {
  const item = { itemId: 'PVTI_1', url };
  for (const asked of [
    'PVTI_1',
    '12',
    '#12',
    'acme/shop#12',
    'ACME/Shop#12',
    url,
    `${url}/`,
    `${url}#issuecomment-1`,
    `${url}?x=1`,
  ])
    it(`takes "${asked}"`, () => expect(isMeant(asked, item)).to.equal(true));
  for (const asked of ['', 'PVTI_', '2', '#112', 'acme/shop#1', 'op#12', `${url}2`, 'http://x/issues/12', 'issues/12'])
    it(`does not take "${asked}"`, () => expect(isMeant(asked, item)).to.equal(false));
  it('takes no number for an item without an issue', () => {
    expect(isMeant('12', { itemId: 'PVTI_2', url: null })).to.equal(false);
    expect(isMeant('PVTI_2', { itemId: 'PVTI_2', url: null })).to.equal(true);
  });
});

describe('findItem', () => {
  const receipt = { ...tick(), entries: [decided()] };

  it('finds an item in receipts, locks and dead letters, once', () => {
    const item = { itemId: 'PVTI_1', title: 'Add the cart', url };
    const sources = { receipts: [receipt, receipt], items: [workItem()], deadLetters: [deadLetter()] };
    expect(findItem('12', sources)).to.deep.equal(item);
    expect(findItem('PVTI_1', { receipts: [], items: [], deadLetters: [deadLetter()] })).to.deep.equal(item);
  });

  it('asks for the address when a number means items of two repositories', () => {
    const other = workItem({ itemId: 'PVTI_2', url: 'https://github.com/acme/lib/issues/12' });
    const find = () => findItem('12', { receipts: [receipt], items: [other], deadLetters: [] });
    expect(find).to.throw('"12" may mean 2 items.').with.property('remedy').that.contains('acme/lib/issues/12');
  });

  it('says of an item that nobody knows where it looked and what an item needs', () => {
    expect(() => findItem('99', { receipts: [receipt], items: [], deadLetters: [] })).to.throw(
      'No tick has decided anything about "99" (1 receipt searched).',
    );
    expect(() => findItem('99', { receipts: [], items: [], deadLetters: [] })).to.throw('there are no receipts yet');
  });
});
