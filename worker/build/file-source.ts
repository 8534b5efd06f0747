import { open, stat } from 'node:fs/promises';
import type { ReportSource } from '../../domain/coverage-reports/report-source';

const PIECE = 128 * 1024;
const HEAD = 4096;

/** A report in a file that only we can change. A piece is good until the next one is asked for. */
export const fileSource = async (path: string): Promise<ReportSource> => ({
  bytes: (await stat(path)).size,
  head: async () => {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  },
  chunks: async function* () {
    const file = await open(path);
    const piece = Buffer.alloc(PIECE);
    try {
      for (;;) {
        const { bytesRead } = await file.read(piece, 0, PIECE);
        if (bytesRead === 0) return;
        yield piece.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  },
});
