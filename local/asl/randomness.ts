import { randomUUID } from 'node:crypto';

/** Chance, injected so that tests can repeat a run. `number` is in [0, 1). */
export type Randomness = { readonly number: () => number; readonly uuid: () => string };

export const systemRandomness: Randomness = { number: Math.random, uuid: () => randomUUID() };
