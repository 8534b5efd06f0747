import { createRedactor, type Redactor } from '../domain/redaction';

export type RedactedLog = {
  readonly redact: Redactor;
  /** Prints lines, each with a prefix: CloudWatch takes a line that is JSON for a metric, and a file's name may hold one. */
  readonly log: (text: string) => void;
  /** From now on `secret` is taken out, too. */
  readonly hide: (secret: string) => void;
};

/** The one way in which a build prints. */
export const createRedactedLog = (
  secrets: readonly string[],
  { print }: { readonly print: (line: string) => void },
): RedactedLog => {
  const hidden = new Set(secrets);
  const redact: Redactor = (text) => createRedactor([...hidden])(text);
  return {
    redact,
    log: (text) => {
      for (const line of redact(text).split(/[\r\n]+/)) print(`[worker] ${line}\n`);
    },
    hide: (secret) => {
      hidden.add(secret);
    },
  };
};
