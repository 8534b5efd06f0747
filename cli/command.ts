/** What a command may use of the world. Nothing else in cli/ touches process, console or the environment. */
export type CliContext = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends when the user presses Ctrl-C or the process is asked to end. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly colors: boolean;
};

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export type CommandInput = {
  readonly positionals: readonly string[];
  readonly options: OptionValues;
  /** `undefined`: text; `-`: JSON on standard output; else a file that gets the JSON. */
  readonly json: string | undefined;
};

export type Command = {
  /** As it is typed: `dlq list`. */
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Option name to its description; a description that starts with `VALUE ` takes one. */
  readonly options: Readonly<Record<string, string>>;
  readonly positionals: readonly string[];
  /** True: `--json FILE` writes a file; false: `--json` alone prints to standard output. */
  readonly jsonTakesFile: boolean;
  /** Resolves to the exit code. */
  readonly run: (input: CommandInput, context: CliContext) => Promise<number>;
};
