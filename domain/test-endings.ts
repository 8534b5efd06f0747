import type { TestRun } from './build-result';
import { plainLine } from './markdown';
import type { TestCase } from './test-reports/test-report';

/** How many tests ended how. */
export type TestEndings = Readonly<Record<TestCase['ending'], number>>;

type Wanted = {
  /** Path inside the repository. */
  readonly file: string;
  /** As the source writes it; null: every test of the file. */
  readonly title: string | null;
};

/** Between what a test stands in and its own name (parse-junit.ts). */
const INSIDE = ' › ';

/** Compiled tests have another extension: `/srv/shop/dist/test/cart.test.js` of `test/cart.test.ts`. */
const stemOf = (path: string): string => path.replace(/\\/g, '/').replace(/\.[cm]?[jt]sx?$/, '');

/** `tests.test_cart.TestSum` of `tests/test_cart.py`, `com.example.CartTest$Empty` of `src/test/java/com/example/CartTest.java`. */
const isClassIn = (place: string, file: string): boolean => {
  const [name = ''] = place.split('$');
  const dotted = file.replace(/\.[^./]+$/, '').replaceAll('/', '.');
  if (!/^[\w.]+$/.test(name) || !name.includes('.')) return false;
  return name === dotted || name.startsWith(`${dotted}.`) || dotted.endsWith(`.${name}`);
};

const isIn = (file: string, test: TestCase): boolean => {
  const isSame = (place: string) => place === stemOf(file) || place.endsWith(`/${stemOf(file)}`);
  if (test.file !== undefined) return isSame(stemOf(test.file));
  const [place = ''] = test.name.split(INSIDE);
  return isSame(stemOf(place)) || isClassIn(place, file);
};

type Way = { readonly says: (name: string, title: string) => boolean; readonly most: number };

/** Ways in which a report writes the title of a test, the surest first: itself, with values, behind what it stands in, as what others stand in. */
const WAYS: readonly Way[] = [
  { says: (name, title) => name === title || name.endsWith(INSIDE + title), most: Number.POSITIVE_INFINITY },
  {
    says: (name, title) => ['[', '/', '('].some((end) => (name.split(INSIDE).at(-1) ?? '').startsWith(title + end)),
    most: Number.POSITIVE_INFINITY,
  },
  // "adds" is not "never adds": only where no other test ends so.
  { says: (name, title) => name.endsWith(` ${title}`) || name.endsWith(`::${title}`), most: 1 },
  {
    says: (name, title) => [INSIDE, ' '].some((end) => ` ${name}`.includes(` ${title}${end}`)),
    most: Number.POSITIVE_INFINITY,
  },
];

const named = (title: string, tests: readonly TestCase[]): readonly TestCase[] => {
  const plain = plainLine(title.replace(/\\(.)/g, '$1'));
  for (const { says, most } of WAYS) {
    const found = tests.filter(({ name }) => says(name, plain));
    if (found.length > 0) return found.length <= most ? found : [];
  }
  return [];
};

/** What `make` gives for a key, made once. */
const remembered = <T>(make: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
};

/**
 * How the tests that are meant ended, as far as the reports of the run say it; null: they do not. Tests that passed only in a second run are flaky. A matrix asks for
 * the same files again and again, among thousands of tests: each is looked for once.
 */
export const readEndings = ({
  report,
  flaky,
}: Pick<TestRun, 'report' | 'flaky'>): ((wanted: Wanted) => TestEndings | null) => {
  if (!report || report.problem !== null) return () => null;
  const inFile = remembered((file) => report.cases.filter((test) => isIn(file, test)));
  const nowhere = report.cases.filter((test) => test.file === undefined);
  // Where the report does not say where a test stands, a title that only one has is meant.
  const anywhere = remembered((title) => named(title, nowhere));
  const find = ({ file, title }: Wanted): readonly TestCase[] => {
    const all = inFile(file);
    if (title === null) return all;
    if (all.length > 0) return named(title, all);
    const found = anywhere(title);
    return found.length === 1 ? found : [];
  };
  return (wanted) => {
    const endings = { passed: 0, failed: 0, skipped: 0, flaky: 0 };
    const found = find(wanted);
    for (const { name, ending } of found) endings[flaky?.tests.includes(name) ? 'flaky' : ending] += 1;
    // Of a report with more tests than are kept, those that failed are known; of the others some may be absent.
    const isWhole = report.total === report.cases.length || endings.failed > 0 || wanted.title !== null;
    return found.length > 0 && isWhole ? endings : null;
  };
};
