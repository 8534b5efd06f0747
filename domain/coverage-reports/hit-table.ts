const EMPTY = -1;
const FIRST_CAPACITY = 16;
const BYTES_PER_SLOT = 9;
/** Slots that are kept when a table is emptied: one huge file must not make each later one as slow. */
const MOST_KEPT = 4_096;

/** Finalizer of MurmurHash3 over both halves of a key. */
const spread = (key: number): number => {
  let hash = (key % 0x100000000) ^ Math.imul(Math.floor(key / 0x100000000) + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * Which of some keys (whole numbers below 2^53) were hit, in typed arrays: a tenth of what a Map takes. `onGrow` is told how many bytes it is about to
 * take in addition, and may throw.
 */
export class HitTable {
  #keys = new Float64Array(0);
  #hits = new Uint8Array(0);
  #size = 0;
  #covered = 0;
  readonly #onGrow: (bytes: number) => void;

  constructor(onGrow: (bytes: number) => void = () => undefined) {
    this.#onGrow = onGrow;
  }

  get covered(): number {
    return this.#covered;
  }
  get total(): number {
    return this.#size;
  }

  /** Counts a key once, as hit when it was at any time. False: it was there before. */
  add(key: number, isHit: boolean): boolean {
    if (this.#size * 4 >= this.#keys.length * 3) this.#grow();
    const slot = this.#slotOf(key);
    const isNew = this.#keys[slot] === EMPTY;
    if (isNew) {
      this.#keys[slot] = key;
      this.#size += 1;
    }
    if (isHit && this.#hits[slot] === 0) {
      this.#hits[slot] = 1;
      this.#covered += 1;
    }
    return isNew;
  }

  clear(): void {
    if (this.#size === 0) return;
    if (this.#keys.length > MOST_KEPT) {
      this.#keys = new Float64Array(0);
      this.#hits = new Uint8Array(0);
    } else {
      this.#keys.fill(EMPTY);
      this.#hits.fill(0);
    }
    this.#size = 0;
    this.#covered = 0;
  }

  #slotOf(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = spread(key) & mask;
    while (this.#keys[slot] !== EMPTY && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, hits] = [this.#keys, this.#hits];
    const capacity = Math.max(FIRST_CAPACITY, keys.length * 2);
    this.#onGrow((capacity - keys.length) * BYTES_PER_SLOT);
    this.#keys = new Float64Array(capacity).fill(EMPTY);
    this.#hits = new Uint8Array(capacity);
    for (let from = 0; from < keys.length; from += 1) {
      const key = keys[from] ?? EMPTY;
      if (key === EMPTY) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#hits[slot] = hits[from] ?? 0;
    }
  }
}
