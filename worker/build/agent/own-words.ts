import { stripVTControlCharacters } from 'node:util';

/** Lines among which a request to log in is looked for: later on a model may talk of anything. */
const FIRST_LINES = 20;
const LAST_LINES = 20;
const LONGEST_LINE = 1_000;

/** As 2.4.2 and 2.29.0 begin a device login: a sentence, then a spinner that turns until somebody logs in. */
const LOGIN = /^(?:Confirm the following code in the browser|[▰▱]{3,} (?:Logging in|Opening browser))/;
const DENIED =
  /^\[denied\]|is rejected because it matches one or more rules on the denied list|non-interactive mode \(no user to approve\)/;

export const isDenial = (line: string): boolean => DENIED.test(line);

/** Collects the lines that kiro-cli prints in its own name. */
export const collectOwnWords = (onLogin: () => void) => {
  const last: string[] = [];
  let seen = 0;
  let denials = 0;
  let asksForLogin = false;
  return {
    add: (raw: string): void => {
      const line = stripVTControlCharacters(raw.slice(0, LONGEST_LINE)).trim();
      if (line === '') return;
      seen += 1;
      if (!asksForLogin && seen <= FIRST_LINES && LOGIN.test(line)) {
        asksForLogin = true;
        onLogin();
      }
      if (isDenial(line)) denials += 1;
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    },
    facts: () => ({ words: last.join('\n'), asksForLogin, denials }),
  };
};
