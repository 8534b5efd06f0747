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
  /** The last lines that are the program's own and not the model's. */
  readonly words: string;
};

export type RunReader = OutputReader & { readonly facts: () => RunFacts };

/** What the supervisor wants to know at once. */
export type RunEvents = {
  /** The run has ended by its own statement; the process should do so, too. */
  readonly onFinished: () => void;
  readonly onLogin: () => void;
};
