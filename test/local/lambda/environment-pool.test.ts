import { expect } from 'chai';
import { createEnvironmentPool } from '../../../local/lambda/environment-pool';
import type { ExecutionEnvironment } from '../../../local/lambda/execution-environment';
import { errorName } from '../aws/support/aws-bench';

/** An environment that does nothing and can be told to have died. */
const createStill = () => {
  const state = { alive: true };
  const environment: ExecutionEnvironment = {
    invoke: async () => ({ output: 'null' }),
    isAlive: () => state.alive,
    end: async () => {
      state.alive = false;
    },
  };
  return { state, environment };
};

describe('createEnvironmentPool', () => {
  const open = (most: number) => {
    const opened: ReturnType<typeof createStill>[] = [];
    const pool = createEnvironmentPool(most, () => {
      const still = createStill();
      opened.push(still);
      return still.environment;
    });
    return { pool, opened };
  };

  it('lends the one that is free before it opens another', async () => {
    const { pool, opened } = open(5);
    for (let use = 0; use < 3; use += 1) await pool.use(async () => undefined);
    expect(opened).to.have.length(1);
  });

  it('opens a new one in the place of one that has died, in use or idle', async () => {
    const { pool, opened } = open(1);
    await pool.use(async () => {
      for (const { state } of opened) state.alive = false;
    });
    await pool.use(async () => undefined);
    for (const { state } of opened) state.alive = false;
    await pool.use(async () => undefined);
    expect(opened).to.have.length(3);
  });

  it('gives the one that comes free to whoever waits, in order, also when a use fails', async () => {
    const { pool, opened } = open(1);
    const order: number[] = [];
    const uses = [1, 2, 3].map((number) =>
      errorName(
        pool.use(async () => {
          order.push(number);
          throw Object.assign(new Error(), { name: `E${number}` });
        }),
      ),
    );
    expect(await Promise.all(uses)).to.deep.equal(['E1', 'E2', 'E3']);
    expect(order).to.deep.equal([1, 2, 3]);
    expect(opened).to.have.length(1);
  });

  it('refuses whoever waits, or comes later, when it is closed', async () => {
    const { pool } = open(1);
    let letGo = (): void => undefined;
    const held = pool.use(() => new Promise<void>((resolve) => (letGo = resolve)));
    const waiting = errorName(pool.use(async () => undefined));
    await pool.close();
    expect(await waiting).to.equal('ServiceException');
    letGo();
    await held;
    expect(await errorName(pool.use(async () => undefined))).to.equal('ServiceException');
  });
});
