const assert = require('node:assert/strict');
const { labelOf } = require('../src/label');

describe('labelOf', () => {
  it('shows two decimals and the currency (requirement 1.1)', () => assert.equal(labelOf(1999), '19.99 EUR'));
  it('keeps leading zeros', () => assert.equal(labelOf(5, 'CHF'), '0.05 CHF'));
  it('puts the sign in front (requirement 1.2)', () => assert.equal(labelOf(-150), '-1.50 EUR'));
});
