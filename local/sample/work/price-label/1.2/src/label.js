/** `1999` becomes `19.99 EUR`. */
const labelOf = (cents, currency = 'EUR') => {
  const sign = cents < 0 ? '-' : '';
  const amount = Math.abs(cents);
  return `${sign}${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')} ${currency}`;
};

/** `19.99 EUR` becomes `1999`. */
const centsOf = (label) => {
  const parts = /^(-?)(\d+)\.(\d\d) [A-Z]{3}$/.exec(label);
  if (!parts) throw new RangeError(`"${label}" is not a price label such as "19.99 EUR"`);
  const cents = Number(parts[2]) * 100 + Number(parts[3]);
  return parts[1] ? -cents : cents;
};

module.exports = { labelOf, centsOf };
