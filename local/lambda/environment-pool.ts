import { AwsError } from '../aws/aws-error';
import type { ExecutionEnvironment } from './execution-environment';

export type EnvironmentPool = {
  /** Lends an environment that nobody else uses; a new one if all are busy, the next one to come free if there may be no more. */
  readonly use: <T>(work: (environment: ExecutionEnvironment) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** The execution environments of one function version. */
export const createEnvironmentPool = (most: number, open: () => ExecutionEnvironment): EnvironmentPool => {
  const idle: ExecutionEnvironment[] = [];
  const all = new Set<ExecutionEnvironment>();
  const waiting: (() => void)[] = [];
  let closed = false;

  const take = (): ExecutionEnvironment | undefined => {
    if (closed) throw new AwsError('ServiceException', 'This machine is being shut down.', 500);
    const free = idle.pop();
    if (free?.isAlive()) return free;
    if (free) {
      all.delete(free);
      return take();
    }
    if (all.size >= most) return undefined;
    const fresh = open();
    all.add(fresh);
    return fresh;
  };
  const giveBack = (environment: ExecutionEnvironment): void => {
    if (environment.isAlive()) idle.push(environment);
    else all.delete(environment);
    waiting.shift()?.();
  };

  return {
    use: async (work) => {
      let environment = take();
      while (!environment) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        environment = take();
      }
      try {
        return await work(environment);
      } finally {
        giveBack(environment);
      }
    },
    close: async () => {
      closed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...all].map((environment) => environment.end()));
      all.clear();
    },
  };
};
