/** One request as the stand-in saw it. Holds no header, variable, or token. */
export type LoggedRequest = {
  readonly at: string;
  readonly kind: 'graphql' | 'git' | 'rest';
  /** The operation's name and root fields, or the git service. */
  readonly operations: readonly string[];
  readonly login: string | null;
  /** Points of the rate limit. */
  readonly cost: number;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly faults: readonly string[];
};

export type RequestLog = { readonly entries: readonly LoggedRequest[]; add(entry: LoggedRequest): void };

const KEPT = 20_000;

/** Keeps the newest requests. */
export const createRequestLog = (): RequestLog => {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add: (entry) => {
      entries.push(entry);
      if (entries.length > KEPT) entries.splice(0, entries.length - KEPT);
    },
  };
};
