import type { CreditLedger } from '../../adapters/aws/credit-ledger';

/** A ledger that says at once, by `emit`, that a settlement has opened the circuit breaker. */
export const withBreakerMetric = (ledger: CreditLedger, emit: () => void): CreditLedger => ({
  ...ledger,
  settle: async (settlement) => {
    const settled = await ledger.settle(settlement);
    if (settled.openedBreaker) emit();
    return settled;
  },
});
