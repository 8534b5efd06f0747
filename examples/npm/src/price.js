/** The price of some pieces, in cents. */
exports.price = (cents, pieces) => cents * pieces;
