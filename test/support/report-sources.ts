import type { ReportSource } from '../../domain/coverage-reports/parse-coverage';

/** A report in memory, handed out in pieces of `pieceBytes`. */
export const textSource = (text: string | Buffer, pieceBytes = 64 * 1024): ReportSource => {
  const bytes = Buffer.from(text);
  return {
    bytes: bytes.length,
    head: async () => bytes.subarray(0, 4096).toString('utf8'),
    text: async () => bytes.toString('utf8'),
    chunks: async function* () {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
};
