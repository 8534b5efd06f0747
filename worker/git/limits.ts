const MEGABYTE = 1024 * 1024;

/** How much one item may move. Beyond a limit the answer is ChangeTooLarge, never a cut. */
export type Limits = {
  /** The bundle of base and feature branch. One upload takes 5 GB, and the builder needs the room several times over (bundle, objects, work tree). */
  readonly sourceBytes: number;
  /** The result's bundle as it is downloaded; more than all new objects may be, since packs compress. */
  readonly resultBytes: number;
  /** One file: nobody reviews more, and GitHub warns from 50 MB and refuses from 100 MB. */
  readonly fileBytes: number;
  /** All new objects, unpacked. What is pushed stays in the history for ever. */
  readonly changeBytes: number;
  /** Paths that change: GitHub shows 3,000 files of a pull request. */
  readonly files: number;
  /** A spec has at most 500 tasks, each makes one commit. */
  readonly commits: number;
};

export const usualLimits: Limits = {
  sourceBytes: 2 * 1024 * MEGABYTE,
  resultBytes: 64 * MEGABYTE,
  fileBytes: 10 * MEGABYTE,
  changeBytes: 50 * MEGABYTE,
  files: 5_000,
  commits: 1_000,
};
