/** `2026` and `42` become `2026-00042`. */
const invoiceNumber = (year, running) => {
  if (!Number.isInteger(running) || running < 1) throw new RangeError(`"${running}" is not a running number`);
  return `${year}-${String(running).padStart(5, '0')}`;
};

module.exports = { invoiceNumber };
