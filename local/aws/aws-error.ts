/** An error as AWS models it: `name` is the exception's code on the wire, `status` the HTTP status. */
export class AwsError extends Error {
  constructor(
    name: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = name;
  }
}

export const statusOf = (error: unknown): number => (error instanceof AwsError ? error.status : 400);
