/** Sum of prices in cents. */
const totalOf = (prices) => {
  if (!Array.isArray(prices)) throw new TypeError('prices must be an array of cents');
  return prices.reduce((sum, price) => sum + price, 0);
};

/** Value added tax in cents, rounded half up. `rate` is in percent. */
const taxOf = (cents, rate) => Math.floor((cents * rate) / 100);

/** Tax of a whole receipt: each line is rounded by itself. */
const receiptTaxOf = (prices, rate) => totalOf(prices.map((cents) => taxOf(cents, rate)));

module.exports = { totalOf, taxOf, receiptTaxOf };
