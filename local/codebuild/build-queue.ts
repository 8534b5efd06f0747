/** A place in which a build runs; whoever has it gives it back. */
export type Turn = { readonly leave: () => void };

export type BuildQueue = {
  /** Waits for a place, first come, first served. Nothing when `signal` aborts first. */
  readonly enter: (signal: AbortSignal) => Promise<Turn | undefined>;
};

export const createBuildQueue = (slots: number): BuildQueue => {
  let free = slots;
  const waiting = new Set<() => void>();

  const turn = (): Turn => {
    free -= 1;
    return {
      leave: () => {
        free += 1;
        const [next] = waiting;
        next?.();
      },
    };
  };

  return {
    enter: async (signal) => {
      if (signal.aborted) return undefined;
      if (free > 0 && waiting.size === 0) return turn();
      return new Promise((resolve) => {
        const settle = (got: Turn | undefined): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', giveUp);
          resolve(got);
        };
        const wake = (): void => settle(turn());
        const giveUp = (): void => settle(undefined);
        waiting.add(wake);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
  };
};
