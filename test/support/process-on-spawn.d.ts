declare module 'process-on-spawn' {
  /** What a process is about to be started with; `env` may be exchanged. */
  export type Spawning = { env: Record<string, string>; readonly execPath: string; readonly args: readonly string[] };
  export const addListener: (listener: (spawning: Spawning) => void) => void;
  export const prependListener: (listener: (spawning: Spawning) => void) => void;
}
