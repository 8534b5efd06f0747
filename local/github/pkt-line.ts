/** git's framing: four hexadecimal digits of length, themselves included; `0000` ends a list. */
export const FLUSH = Buffer.from('0000');

export const pktLine = (payload: Buffer | string): Buffer => {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};

export type PktList = {
  readonly lines: readonly Buffer[];
  /** True when the list's end was seen; `rest` is what follows it. */
  readonly isComplete: boolean;
  readonly rest: Buffer;
};

/** Reads lines up to the first flush. */
export const readPktLines = (bytes: Buffer): PktList => {
  const lines: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (length === 0) return { lines, isComplete: true, rest: bytes.subarray(at + 4) };
    if (!(length >= 4) || at + length > bytes.length) break;
    lines.push(bytes.subarray(at + 4, at + length));
    at += length;
  }
  return { lines, isComplete: false, rest: bytes.subarray(at) };
};
