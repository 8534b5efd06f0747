const assert = require('node:assert');
const test = require('node:test');
const { price } = require('../src/price');

test('multiplies', () => assert.equal(price(250, 4), 1000));
