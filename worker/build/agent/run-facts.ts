import type { OutputReader } from '../sandbox';

/** What the output of one run of kiro-cli says, whichever form it has. */
export type RunFacts = {
  readonly engine: string | null;
  /** Its own statement that the run came to an end; null when there was none. */
  readonly finished: { readonly success: boolean; readonly stopReason: string | null } | null;
  readonly error: string | null;
  /** Null when it never said. */
  readonly credits: number | null;
  /** It spoke or used a tool: the model was reached, and that was paid for. */
  readonly acted: boolean;
  /** Tools that it wanted to use and was not allowed to. */
  readonly deniedTools: readonly string[];
  /** It wants a person to log in: it would wait forever. */
  readonly asksForLogin: boolean;
  /** The last lines that were printed, for people. */
  readonly words: string;
  /** Those of its own lines that its end is explained by. */
  readonly ownWords: string;
  /** A line of its own that says that its key was refused or its quota used up; it may have gone on as if nothing was. */
  readonly verdict: string | null;
  /** The line in which it says that it goes on with another agent than the one that was asked for. */
  readonly fallback: string | null;
  /** The line in which it says that it goes on without MCP servers. */
  readonly withoutMcp: string | null;
  /** The line in which it says that it goes on with another model than the one that was asked for. */
  readonly otherModel: string | null;
};

export type RunReader = OutputReader & { readonly facts: () => RunFacts };

/** What the supervisor wants to know at once. */
export type RunEvents = {
  /** The run has ended by its own statement; the process should do so, too. */
  readonly onFinished: () => void;
  /** It has said that it failed, and goes on all the same. */
  readonly onGoesOn: () => void;
  readonly onLogin: () => void;
};
