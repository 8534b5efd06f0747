import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log of one build. Values of secrets are replaced by three asterisks, as CodeBuild does. */
export type BuildLog = {
  /** A line of the runner itself. */
  readonly say: (line: string) => void;
  readonly output: (chunk: Buffer) => void;
  readonly hide: (secrets: readonly string[]) => void;
  readonly close: () => void;
};

/** A secret is looked for within a line; output without line ends is written after so many bytes. */
const LONGEST_LINE = 64 * 1024;

export const openBuildLog = (file: string, now: () => Date): BuildLog => {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'a');
  let pending = Buffer.alloc(0);
  let hidden: readonly string[] = [];
  const masked = (text: string): string => hidden.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
  const write = (bytes: Buffer): void => {
    writeSync(descriptor, hidden.length > 0 ? Buffer.from(masked(bytes.toString('latin1')), 'latin1') : bytes);
  };
  const flush = (): void => {
    if (pending.length > 0) write(Buffer.concat([pending, Buffer.from('\n')]));
    pending = Buffer.alloc(0);
  };
  return {
    say: (line) => {
      flush();
      const at = now().toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', '');
      write(Buffer.from(`[Container] ${at} ${line}\n`));
    },
    output: (chunk) => {
      const all = Buffer.concat([pending, chunk]);
      const end = all.lastIndexOf(0x0a);
      if (end >= 0) write(all.subarray(0, end + 1));
      pending = Buffer.from(all.subarray(end + 1));
      if (pending.length > LONGEST_LINE) flush();
    },
    hide: (secrets) => {
      const lines = secrets.flatMap((secret) => secret.split('\n')).filter((line) => line.length > 0);
      hidden = lines.map((line) => Buffer.from(line).toString('latin1'));
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
};
