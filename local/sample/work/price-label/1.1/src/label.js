/** `1999` becomes `19.99 EUR`. */
const labelOf = (cents, currency = 'EUR') => {
  const sign = cents < 0 ? '-' : '';
  const amount = Math.abs(cents);
  return `${sign}${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')} ${currency}`;
};

module.exports = { labelOf };
