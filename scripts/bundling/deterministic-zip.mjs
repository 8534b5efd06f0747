import { zipSync } from 'fflate';

/** Local time, because that is what a zip's clock shows: the same bytes in every time zone. */
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const REGULAR_FILE_644 = (0o100644 << 16) >>> 0;

/** The same bytes for the same files, whenever and wherever it runs. `files`: name → bytes. */
export const deterministicZip = (files) => {
  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const options = { level: 9, mtime: EPOCH, os: UNIX, attrs: REGULAR_FILE_644 };
  return zipSync(Object.fromEntries(sorted.map(([name, bytes]) => [name, [bytes, options]])));
};
