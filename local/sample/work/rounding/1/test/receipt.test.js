const assert = require('node:assert/strict');
const { receiptTaxOf } = require('../src/price');

describe('receiptTaxOf', () => {
  it('rounds each line by itself', () => assert.equal(receiptTaxOf([250, 250], 19), 96));
});
