declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** dynalite 4.0.0 ships no types; these are the options of its README that are used here. */
  const dynalite: (options: {
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }) => Server;
  export default dynalite;
}
