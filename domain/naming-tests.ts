import type { NamingTest } from './requirement-trace';
import { readRequirements } from './spec-requirement-names';
import { testRoleOf } from './test-paths';

/** A test by its path; Gherkin's features are tests, too. */
export const isTestFile = (path: string): boolean =>
  testRoleOf(path) === 'test' || (path.endsWith('.feature') && !path.startsWith('.kiro/'));

/** `it('title'`, `test.each(…)('title'`, `def test_title`, `func TestTitle`, `@DisplayName("title")`, `Scenario: title`. */
const TITLE =
  /\b(?:it|test|describe|context|suite|specify|scenario)\b[^'"`\n]{0,60}(['"`])((?:\\.|(?!\1)[^\\\n]){1,300})\1|\bdef\s+(test\w{0,200})|\bfunc\s+(?:\([^)]{0,60}\)\s*)?(Test\w{0,200})|\bfn\s+(\w{1,200})\s*\(|@DisplayName\("([^"\n]{1,300})"|\bScenario(?: Outline)?:\s*([^\n]{1,300})/iu;

/** A name in a comment belongs to the test that follows at once. */
const LINES_AHEAD = 15;

const titleIn = (line: string): string | null => {
  const [, , ...groups] = TITLE.exec(line) ?? [];
  return groups.find((group) => group !== undefined)?.trim() ?? null;
};

const titleNear = (lines: readonly string[], index: number): string | null => {
  for (const line of lines.slice(index, index + LINES_AHEAD)) {
    const title = titleIn(line.slice(0, 1_000));
    if (title !== null) return title;
  }
  return null;
};

/** The tests of a file that say which requirements they are for, in their titles or in the comments above: "Requirement 1.2", "Validates: Requirements 1.2, 3.1". */
export const findNamingTests = (file: string, text: string): readonly NamingTest[] => {
  const lines = text.split(/\r\n|\n|\r/);
  const byTitle = new Map<string | null, Set<string>>();
  for (const [index, line] of lines.entries()) {
    const names = readRequirements(line.slice(0, 4_000));
    if (names.length === 0) continue;
    const title = titleNear(lines, index);
    byTitle.set(title, new Set([...(byTitle.get(title) ?? []), ...names]));
  }
  return [...byTitle].map(([title, names]) => ({ file, title, names: [...names] }));
};
