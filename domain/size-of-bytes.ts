const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** A size as people say it: `256 KiB`, `4.8 MiB`. What is more than a limit is never rounded down to it. */
export const sizeOfBytes = (bytes: number): string => {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : Math.ceil(size * 10) / 10} ${UNITS[unit]}`;
};
