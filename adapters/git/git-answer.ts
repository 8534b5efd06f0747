/** What a git command that ended by itself said. `stderr` has been redacted. */
export type GitAnswer = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };
