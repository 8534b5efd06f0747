const assert = require('node:assert/strict');
const { invoiceNumber } = require('../src/invoice');

describe('invoiceNumber', () => {
  it('pads the running number', () => assert.equal(invoiceNumber(2026, 42), '2026-00042'));
  it('refuses a running number below 1', () => assert.throws(() => invoiceNumber(2026, 0), RangeError));
});
