import { MOST_LINES } from './coverage-sink';

const MEASURED = 1;
const HIT = 2;
/** Two bits a line. */
const LINES_PER_BYTE = 4;
const LEAST_BYTES = 16;

/** Which lines of a file a report measures, and which of them were executed. Lines after `most` are not kept: nobody asks for them. */
export class LineSet {
  #bytes = new Uint8Array(0);
  #covered = 0;
  #total = 0;
  #isEmpty = true;
  readonly #most: number;
  readonly #onGrow: (bytes: number) => void;

  constructor(onGrow: (bytes: number) => void = () => undefined, most = MOST_LINES) {
    this.#onGrow = onGrow;
    this.#most = most;
  }

  /** Of the lines that are kept. */
  get covered(): number {
    return this.#covered;
  }
  get total(): number {
    return this.#total;
  }

  /** Whether no line of the file is measured, kept or not. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** No line after this one is kept. */
  get last(): number {
    return this.#bytes.length * LINES_PER_BYTE - 1;
  }

  add(line: number, isHit: boolean): void {
    this.#isEmpty = false;
    if (line > this.#most) return;
    if (line > this.last) this.#grow(line);
    const before = this.#at(line);
    if (before === 0) this.#total += 1;
    if (isHit && (before & HIT) === 0) this.#covered += 1;
    this.#set(line, isHit ? MEASURED | HIT : MEASURED);
  }

  /** Null: nothing is measured there. */
  isHit(line: number): boolean | null {
    const found = this.#at(line);
    return found === 0 ? null : (found & HIT) !== 0;
  }

  #at(line: number): number {
    return ((this.#bytes[line >> 2] ?? 0) >> ((line & 3) * 2)) & 3;
  }

  #set(line: number, bits: number): void {
    const at = line >> 2;
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (bits << ((line & 3) * 2));
  }

  #grow(line: number): void {
    const needed = 2 ** Math.ceil(Math.log2((line + 1) / LINES_PER_BYTE));
    const most = Math.ceil((this.#most + 1) / LINES_PER_BYTE);
    const capacity = Math.min(most, Math.max(LEAST_BYTES, needed));
    this.#onGrow(capacity - this.#bytes.length);
    const bytes = new Uint8Array(capacity);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
