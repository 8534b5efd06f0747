import { timestamp } from './timestamp';

export type RateLimitState = {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** ISO 8601. */
  readonly resetAt: string;
};

export type RateLimitWindow = { readonly cost: number; readonly nodeCount: number; readonly state: RateLimitState };

export type RateLimiter = {
  /** Takes `cost` points of this login's hour. False when they are used up; nothing is taken then. */
  spend(login: string, cost: number): boolean;
  read(login: string): RateLimitState;
};

const HOUR_MILLISECONDS = 3_600_000;

/** GitHub's primary limit: so many points an hour for each account, however many tokens it has. */
export const rateLimiter = (limit: number, now: () => Date): RateLimiter => {
  const windows = new Map<string, { readonly used: number; readonly resetAt: number }>();
  const current = (login: string) => {
    const window = windows.get(login);
    const time = now().getTime();
    return window && window.resetAt > time
      ? window
      : { used: 0, resetAt: Math.ceil((time + HOUR_MILLISECONDS) / 1000) * 1000 };
  };
  return {
    spend: (login, cost) => {
      const { used, resetAt } = current(login);
      if (used + cost > limit) return false;
      windows.set(login, { used: used + cost, resetAt });
      return true;
    },
    read: (login) => {
      const { used, resetAt } = current(login);
      return { limit, used, remaining: limit - used, resetAt: timestamp(new Date(resetAt)) };
    },
  };
};
