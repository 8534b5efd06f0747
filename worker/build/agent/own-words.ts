import { withoutSequences } from '../../../domain/terminal-sequences';
import { explainKiroVerdict } from './kiro-words';

const LAST_LINES = 20;
const LONGEST_LINE = 1_000;

/** As 2.4.2 and 2.29.0 begin a device login: a sentence, then a spinner that turns until somebody logs in. Others let a person choose how to log in first. */
const LOGIN =
  /^(?:Confirm the following code in the browser|[▰▱]{3,} (?:Logging in|Opening browser)|\? Select login method)/;
const DENIED =
  /^\[denied\]|is rejected because it matches one or more rules on the denied list|non-interactive mode \(no user to approve\)/;
/** How 2.4.2, 2.11.1 and 2.13.0 say that they go on with another agent than the one that was asked for, and how 2.20.1 says it. */
const FALLS_BACK = /no agent with name .* found|\bagent "[^"]*" not found, using "/i;
/** The same for the model. */
const OTHER_MODEL = /\bmodel "[^"]*" not found, using "/i;
/** 2.4.2 starts no MCP server with an API key, whatever --require-mcp-startup says. */
const WITHOUT_MCP = /MCP functionality (?:is )?disabled/i;

export const isDenial = (line: string): boolean => DENIED.test(line);

/** The newest lines. */
const createLast = () => {
  const lines: string[] = [];
  return {
    add: (line: string): void => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
    },
    lines: (): readonly string[] => lines,
  };
};

/** Collects the lines that kiro-cli prints in its own name, and those that may as well be the model's. */
export const collectOwnWords = (onLogin: () => void) => {
  const printed = createLast();
  const own = createLast();
  let denials = 0;
  let asksForLogin = false;
  let hasSpoken = false;
  let verdict: string | null = null;
  let fallback: string | null = null;
  let withoutMcp: string | null = null;
  let otherModel: string | null = null;

  /** What a run ends with, or is to be judged by, counts however much is printed after it. */
  const note = (line: string): void => {
    if (FALLS_BACK.test(line)) fallback ??= line;
    if (WITHOUT_MCP.test(line)) withoutMcp ??= line;
    if (OTHER_MODEL.test(line)) otherModel ??= line;
    if (verdict === null && explainKiroVerdict(line) !== null) verdict = line;
  };
  const look = (raw: string): string => {
    const line = withoutSequences(raw.slice(0, LONGEST_LINE)).trim();
    if (isDenial(line)) denials += 1;
    if (line !== '') printed.add(line);
    return line;
  };
  return {
    add: (raw: string): void => {
      const line = look(raw);
      if (line === '') return;
      own.add(line);
      note(line);
      if (hasSpoken || asksForLogin || !LOGIN.test(line)) return;
      asksForLogin = true;
      onLogin();
    },
    /** A line from which nothing is concluded: the model talks of anything. */
    quote: (raw: string): void => {
      look(raw);
    },
    /** The model was reached: whatever is printed, nobody has to log in any more. */
    spoken: (): void => {
      hasSpoken = true;
    },
    facts: () => ({
      words: printed.lines().join('\n'),
      ownWords: (verdict === null || own.lines().includes(verdict) ? own.lines() : [verdict, ...own.lines()]).join(
        '\n',
      ),
      asksForLogin,
      denials,
      verdict,
      fallback,
      withoutMcp,
      otherModel,
    }),
  };
};
