/** What has been opened, to be closed in the opposite order. Closing twice does nothing; a step that fails does not keep the others from running. */
export type Closers = {
  readonly add: (step: () => unknown) => void;
  readonly closeAll: () => Promise<void>;
};

export const createClosers = (): Closers => {
  const steps: (() => unknown)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    closeAll: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};
