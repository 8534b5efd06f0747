import { cutText, plainLine } from '../markdown';

/** Characters of a message. */
const LONGEST_MESSAGE = 500;

const EMPTY_WORDS = /^(?:(?:test |tests )?(?:failed|failure|error)|none)?[.:!]?$/i;
/** Where a test of Bats stands. */
const BATS_PLACE = /^\(?(?:in test file|from function) .*, line \d+[,)]/;
/** Lines of Boost.Test before the one that says it. */
const BOOST_LINE = /^(?:ASSERTION FAILURE:|- (?:file|line) *:.*)$/;
/** What Playwright puts between the place of a test and a rule. */
const PLAYWRIGHT_TITLE = /:\d+:\d+ (?:› )?(.*?)[ ─]*$/;
/** Lines of `go test` that only name the test. */
const GO_LINE = /^(?:=== |--- (?:FAIL|PASS|SKIP):)/;

const isPlaywrightTitle = (line: string, name: string): boolean => {
  const title = PLAYWRIGHT_TITLE.exec(line)?.[1];
  return title !== undefined && (title === name || name.endsWith(` › ${title}`));
};

const saysNothing = (line: string, name: string): boolean =>
  EMPTY_WORDS.test(line) ||
  BATS_PLACE.test(line) ||
  BOOST_LINE.test(line) ||
  GO_LINE.test(line) ||
  isPlaywrightTitle(line, name) ||
  line === name ||
  (name !== '' && line.endsWith(`::${name}`));

/**
 * One line that says what went wrong: the attribute `message`, or, where that says nothing ("Failed") or is not there, the first line of the text that does. PHPUnit begins
 * with the name of the test, Go with what it runs.
 */
export const failureMessage = (attribute: string, text: string, name: string): string => {
  const lines = [attribute.trim().split('\n')[0] ?? '', ...text.split('\n')].map(plainLine);
  const telling = lines.find((line) => !saysNothing(line, name)) ?? lines.find((line) => line !== '') ?? '';
  return cutText(telling, LONGEST_MESSAGE);
};
