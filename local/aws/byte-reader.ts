/** Reads a stream of packets as if it were one: lines, counted bytes, the rest. */
export type ByteReader = {
  /** Up to the next CRLF, without it. Throws `tooLong` after `most` bytes without one, `ended` when the stream ends before. */
  readonly line: (most: number) => Promise<string>;
  /** Exactly so many bytes, in pieces as they come. */
  readonly bytes: (count: number) => AsyncGenerator<Buffer>;
  readonly rest: (most: number) => Promise<string>;
};

export const createByteReader = (
  packets: AsyncIterable<Buffer>,
  faults: { readonly tooLong: () => Error; readonly ended: () => Error },
): ByteReader => {
  const source = packets[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);

  /** Adds the next packet to what is pending; false at the end. */
  const more = async (): Promise<boolean> => {
    const { done, value } = await source.next();
    if (!done) pending = Buffer.concat([pending, value]);
    return !done;
  };

  return {
    line: async (most) => {
      for (;;) {
        const end = pending.indexOf('\r\n');
        if (end >= 0) {
          const text = pending.subarray(0, end).toString('latin1');
          pending = pending.subarray(end + 2);
          return text;
        }
        if (pending.length > most) throw faults.tooLong();
        if (!(await more())) throw faults.ended();
      }
    },
    bytes: async function* (count) {
      for (let left = count; left > 0; ) {
        if (pending.length === 0 && !(await more())) throw faults.ended();
        const piece = pending.subarray(0, left);
        pending = pending.subarray(piece.length);
        left -= piece.length;
        if (piece.length > 0) yield piece;
      }
    },
    rest: async (most) => {
      while (await more()) if (pending.length > most) throw faults.tooLong();
      return pending.toString('latin1');
    },
  };
};
