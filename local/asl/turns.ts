/** Lets one strand of an execution act at a time, in the order of asking, so that a history comes out the same on every run. */
export type Turns = { readonly take: () => Promise<void>; readonly give: () => void };

export const createTurns = (): Turns => {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    take: async () => {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
      taken = true;
    },
    give: () => {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
};
