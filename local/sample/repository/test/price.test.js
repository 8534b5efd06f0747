'use strict';

const assert = require('node:assert/strict');
const { totalOf, taxOf } = require('../src/price');

describe('totalOf', () => {
  it('adds up prices', () => assert.equal(totalOf([199, 301]), 500));
  it('is 0 for an empty basket', () => assert.equal(totalOf([]), 0));
  it('refuses what is not a list', () => assert.throws(() => totalOf('199'), TypeError));
});

describe('taxOf', () => {
  it('rounds half up', () => {
    assert.equal(taxOf(250, 19), 48);
    assert.equal(taxOf(100, 19), 19);
  });
});
