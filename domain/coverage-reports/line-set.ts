const MEASURED = 1;
const HIT = 2;

/** Which lines of a file a report measures, and which of them were executed: a byte a line. */
export class LineSet {
  #lines = new Uint8Array(0);
  #covered = 0;
  #total = 0;
  readonly #onGrow: (bytes: number) => void;

  constructor(onGrow: (bytes: number) => void = () => undefined) {
    this.#onGrow = onGrow;
  }

  get covered(): number {
    return this.#covered;
  }
  get total(): number {
    return this.#total;
  }

  /** No line after this one is measured. */
  get last(): number {
    return this.#lines.length - 1;
  }

  add(line: number, isHit: boolean): void {
    if (line >= this.#lines.length) this.#grow(line);
    const before = this.#lines[line] ?? 0;
    if (before === 0) this.#total += 1;
    if (isHit && (before & HIT) === 0) this.#covered += 1;
    this.#lines[line] = before | MEASURED | (isHit ? HIT : 0);
  }

  /** Null: nothing is measured there. */
  isHit(line: number): boolean | null {
    const found = this.#lines[line] ?? 0;
    return found === 0 ? null : (found & HIT) !== 0;
  }

  #grow(line: number): void {
    const capacity = Math.max(64, 2 ** Math.ceil(Math.log2(line + 1)));
    this.#onGrow(capacity - this.#lines.length);
    const lines = new Uint8Array(capacity);
    lines.set(this.#lines);
    this.#lines = lines;
  }
}
