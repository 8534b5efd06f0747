/** A report that can be read more than once, in pieces. */
export type ReportSource = {
  readonly bytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** The first characters, enough to tell the format. */
  readonly head: () => Promise<string>;
};
