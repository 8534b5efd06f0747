/** What can go wrong on demand. `unseen-write` is a board write that is acknowledged and never becomes visible. */
export type FaultKind =
  | { readonly kind: 'rate-limit'; readonly status: 200 | 403; readonly retryAfterSeconds?: number }
  | { readonly kind: 'secondary-limit'; readonly status: 403 | 429; readonly retryAfterSeconds?: number }
  | { readonly kind: 'unavailable'; readonly status: 502 | 504 }
  | { readonly kind: 'connection-reset' }
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'unseen-write' };

export type Fault = FaultKind & {
  /**
   * An operation's name, one of its root fields (`createPullRequest`), `git-upload-pack` or `git-receive-pack`.
   * Without it the fault hits everything.
   */
  readonly operation?: string;
  /** How many requests it hits; default 1. `Infinity` until `clear`. */
  readonly count?: number;
  /** How many matching requests pass before it begins; default 0. */
  readonly after?: number;
  /** The request is carried out and only its answer is lost or replaced. */
  readonly afterEffect?: boolean;
};

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  /** The faults that hit a request to these operations, each counted down by one. */
  take(operations: readonly string[]): readonly Fault[];
  /** Counts down like `take`, for the faults that a resolver asks for itself. */
  takeUnseenWrite(mutation: string): boolean;
};

type Armed = { readonly fault: Fault; passes: number; left: number };

const matches = (fault: Fault, operations: readonly string[]): boolean =>
  fault.operation === undefined || operations.includes(fault.operation);

export const createFaults = (): Faults => {
  const armed: Armed[] = [];
  const draw = (operations: readonly string[], isWanted: (fault: Fault) => boolean): readonly Fault[] => {
    const hit: Fault[] = [];
    for (const entry of armed) {
      if (entry.left <= 0 || !isWanted(entry.fault) || !matches(entry.fault, operations)) continue;
      if (entry.passes > 0) {
        entry.passes -= 1;
        continue;
      }
      entry.left -= 1;
      hit.push(entry.fault);
    }
    return hit;
  };
  return {
    add: (fault) => {
      armed.push({ fault, passes: fault.after ?? 0, left: fault.count ?? 1 });
    },
    clear: () => {
      armed.length = 0;
    },
    take: (operations) => draw(operations, (fault) => fault.kind !== 'unseen-write'),
    takeUnseenWrite: (mutation) => draw([mutation], (fault) => fault.kind === 'unseen-write').length > 0,
  };
};
