/** A service behind one of AWS's JSON protocols. Outputs are SDK-shaped: Dates become epoch seconds on the wire. */
export type JsonService = {
  /** The part of X-Amz-Target before the dot. */
  readonly targetPrefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  readonly handle: (operation: string, input: unknown, role: string) => Promise<unknown>;
};

/** A service with paths of its own instead of operation names; `service` is the name that its requests are signed for. */
export type RestService = {
  readonly service: string;
  readonly handle: (request: RestRequest, role: string) => Promise<RestAnswer>;
};

export type RestRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
};

export type RestAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
