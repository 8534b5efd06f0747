/** Whether a program says that the disk, or its owner's part of it, is full: the words of errno(3) and of Node, and git's own for an index that it cannot write. */
export const saysDiskFull = (words: string): boolean =>
  /\bENOSPC\b|No space left on device|Disk quota exceeded|\bOut of diskspace\b/.test(words);
