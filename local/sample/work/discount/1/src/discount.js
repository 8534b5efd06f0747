const THRESHOLD_CENTS = 10_000;
const PERCENT = 5;

/** What a basket costs after the discount for its value. */
const discounted = (cents) => {
  if (cents <= THRESHOLD_CENTS) return cents;
  return cents - Math.floor((cents * PERCENT) / 100);
};

/** What is left to pay after a coupon; never below zero. */
const withCoupon = (cents, coupon) => {
  if (!coupon) return cents;
  if (coupon.expired) throw new RangeError(`the coupon ${coupon.code} has expired`);
  return Math.max(cents - coupon.cents, 0);
};

module.exports = { discounted, withCoupon };
