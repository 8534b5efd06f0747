/** `118.4 MB`; less than a megabyte in kilobytes. */
export const showMegabytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
