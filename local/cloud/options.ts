import type { Environment } from '../../config/schema';

export type Variables = Readonly<Record<string, string>>;

export type LocalCloudOptions = {
  /** Used by this cloud alone. */
  readonly stateFolder: string;
  /** The synthesized stacks (cdktf.out). */
  readonly stacksFolder: string;
  readonly bundlesFolder: string;
  readonly environment: Environment;
  /** PATH of functions and builds. */
  readonly searchPath: string;
  /** The user that the builder drops to; '' when it cannot. */
  readonly buildUser: string;
  /** Laid over what the stacks set: addresses of the far ends, the agent. */
  readonly variables: { readonly functions: Variables; readonly git: Variables; readonly builder: Variables };
  /** Default 0: that of the last run on this folder if it is free, else any. */
  readonly port?: number;
  readonly now?: () => Date;
};
