/** A service behind one of AWS's JSON protocols. Outputs are SDK-shaped: Dates become epoch seconds on the wire. */
export type JsonService = {
  /** The part of X-Amz-Target before the dot. */
  readonly targetPrefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly handle: (operation: string, input: unknown, role: string) => Promise<unknown>;
};
