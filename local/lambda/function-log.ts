import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Appends whole lines to a file: children that write at the same moment never tear each other's JSON. */
export const openFunctionLog = (file: string) => {
  mkdirSync(dirname(file), { recursive: true });
  const write = (line: string): void => appendFileSync(file, `${line}\n`);
  return {
    file,
    write,
    /** A receiver for one stream of one child. */
    stream: (): { readonly add: (chunk: Buffer) => void; readonly end: () => void } => {
      let pending = Buffer.alloc(0);
      return {
        add: (chunk) => {
          const all = Buffer.concat([pending, chunk]);
          const end = all.lastIndexOf(0x0a);
          if (end >= 0) appendFileSync(file, all.subarray(0, end + 1));
          pending = Buffer.from(all.subarray(end + 1));
        },
        end: () => {
          if (pending.length > 0) write(pending.toString('utf8'));
          pending = Buffer.alloc(0);
        },
      };
    },
  };
};

export type FunctionLog = ReturnType<typeof openFunctionLog>;
