'use strict';

/** Sum of prices in cents. */
const totalOf = (prices) => {
  if (!Array.isArray(prices)) throw new TypeError('prices must be an array of cents');
  return prices.reduce((sum, price) => sum + price, 0);
};

/** Value added tax in cents, rounded half up. `rate` is in percent. */
const taxOf = (cents, rate) => Math.floor((cents * rate + 50) / 100);

module.exports = { totalOf, taxOf };
