import type { ReportSource } from '../coverage-reports/report-source';
import { cutText, plainLine } from '../markdown';
import { mendControls } from '../xml/mend-controls';
import { readXml, type XmlElement, XmlProblem } from '../xml/read-xml';
import { failureMessage } from './failure-message';
import type { TestCase, TestReport } from './test-report';

const MOST_CASES = 2_000;
const MOST_TESTS = 1_000_000;
const LONGEST_NAME = 300;
/** Of the text of a failure that is looked at. */
const LONGEST_TEXT = 4_000;

type Sum = { readonly total: number; readonly passed: number; readonly failed: number; readonly skipped: number };

const countOf = ({ name, attributes }: XmlElement, attribute: string): number => {
  const text = attributes[attribute]?.trim() ?? '';
  if (text === '') return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new XmlProblem(
    `${attribute} of an element <${name}> is ${JSON.stringify(text.slice(0, 60))}, not a whole number of 0 or more`,
  );
};

const has = (text: string, part: string): boolean => text.includes(part);

/** The name as a person would look for it: with the class or the suite where the name alone does not say it. */
const nameOf = ({ name = '', classname = '' }: Readonly<Record<string, string>>, suites: readonly string[]): string => {
  const [plain, place, suite] = [plainLine(name), plainLine(classname), plainLine(suites.at(-1) ?? '')];
  // node:test calls every class "test".
  const around = place === '' || place === 'test' ? suite : place;
  return cutText(
    around === '' || has(plain, around) || has(around, plain) ? plain || around : `${around} › ${plain}`,
    LONGEST_NAME,
  );
};

/** Words of googletest, ctest and others for what was not run. */
const isNotRun = ({ status = '', result = '' }: Readonly<Record<string, string>>): boolean =>
  /^(?:notrun|disabled|skipped|ignored|suppressed)$/i.test(status) || /^(?:suppressed|skipped)$/i.test(result);

/** A test that is being read. `isExcused`: a failure of it is none to the runner. */
type OpenTest = {
  readonly name: string;
  readonly plainName: string;
  /** Of the test, else of its suite; empty where neither says one. */
  readonly file: string;
  ending: TestCase['ending'];
  isExcused: boolean;
  /** Catch2 and doctest write one for each assertion, and claim as many. */
  failures: number;
  attribute: string;
  text: string;
};

/** What a runner writes as an error and does not take for one: PHPUnit 9 a test that asserts nothing, TAP::Formatter::JUnit a todo that passes. */
const isHarmless = (name: string, type = ''): boolean =>
  name === 'error' && /\bRiskyTest(?:Error)?$|^TodoTestSucceeded$/.test(type);

/** Of a test that may fail: node:test writes a todo with its failure, Catch2 what is tagged so, and both exit with 0. */
const isExcuse = (name: string, { type, message = '' }: Readonly<Record<string, string>>): boolean =>
  name === 'skipped' && (type === 'todo' || /^TEST_CASE tagged with !mayfail/.test(message));

const fileOf = ({ file, filepath }: Readonly<Record<string, string>>): string =>
  cutText(plainLine(file ?? filepath ?? ''), LONGEST_NAME);

/** Takes the elements of JUnit's XML, which has no standard: what Ant, Surefire, Jest, Vitest, Mocha, pytest and node:test write is understood. */
class JunitReader {
  readonly failed: TestCase[] = [];
  readonly others: TestCase[] = [];
  readonly counts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  /** What the outermost elements claim: a suite may fail without a case that does. */
  #claimed = 0;
  /** As many as failed tests account for. */
  #told = 0;
  #depthOfClaim = -1;
  #excused = 0;
  #test: OpenTest | null = null;
  #takesText = false;
  readonly #suites: { readonly name: string; readonly file: string }[] = [];

  open(element: XmlElement, parents: readonly string[]): void {
    const { name, attributes } = element;
    if (parents.length === 0 && name !== 'testsuites' && name !== 'testsuite')
      throw new XmlProblem(`its root is <${name.slice(0, 60)}>, not <testsuites> or <testsuite>`);
    if (name === 'testsuites' || name === 'testsuite') this.#openSuite(element, parents.length);
    else if (name === 'testcase') this.#openTest(attributes);
    else if (this.#test && parents.at(-1) === 'testcase') this.#end(element, this.#test);
  }

  #openSuite(element: XmlElement, depth: number): void {
    const { name, attributes } = element;
    if (name === 'testsuite') this.#suites.push({ name: attributes.name ?? '', file: fileOf(attributes) });
    countOf(element, 'tests');
    countOf(element, 'skipped');
    const failures = countOf(element, 'failures') + countOf(element, 'errors');
    if (this.#depthOfClaim >= 0 && depth > this.#depthOfClaim) return;
    if (failures === 0) return;
    this.#claimed += failures;
    this.#depthOfClaim = depth;
  }

  #openTest(attributes: XmlElement['attributes']): void {
    this.#test = {
      name: nameOf(
        attributes,
        this.#suites.map((suite) => suite.name),
      ),
      plainName: attributes.name ?? '',
      file: fileOf(attributes) || (this.#suites.at(-1)?.file ?? ''),
      ending: isNotRun(attributes) ? 'skipped' : 'passed',
      isExcused: false,
      failures: 0,
      attribute: '',
      text: '',
    };
  }

  #end({ name, attributes }: XmlElement, test: OpenTest): void {
    const isRisky = isHarmless(name, attributes.type);
    if (isRisky) this.#excused += 1;
    const isFailure = !isRisky && /^(?:failure|error|rerunFailure|rerunError)$/.test(name);
    const isFlaky = name === 'flakyFailure' || name === 'flakyError';
    if (isExcuse(name, attributes)) test.isExcused = true;
    if (isFailure && !name.startsWith('rerun')) test.failures += 1;
    if (isFailure) test.ending = 'failed';
    else if ((name === 'skipped' || isRisky) && test.ending === 'passed') test.ending = 'skipped';
    else if (isFlaky && test.ending !== 'failed') test.ending = 'flaky';
    if (!(isFailure || isFlaky || isRisky) || test.attribute !== '' || test.text !== '') return;
    test.attribute = attributes.message ?? '';
    this.#takesText = true;
  }

  text(text: string): void {
    if (this.#takesText && this.#test && this.#test.text.length < LONGEST_TEXT)
      this.#test.text += text.slice(0, LONGEST_TEXT);
  }

  close(name: string): void {
    if (name === 'testsuite') this.#suites.pop();
    if (name === 'failure' || name === 'error' || /^(?:flaky|rerun)/.test(name)) this.#takesText = false;
    if (name !== 'testcase' || !this.#test) return;
    this.#closeTest(this.#test);
    this.#test = null;
  }

  #closeTest({ name, plainName, file, ending: found, isExcused, failures, attribute, text }: OpenTest): void {
    const isPardoned = isExcused && found === 'failed';
    if (isPardoned) this.#excused += 1;
    const ending = isPardoned ? 'skipped' : found;
    if (ending === 'failed') this.#told += Math.max(1, failures);
    this.counts.total += 1;
    if (this.counts.total > MOST_TESTS) throw new XmlProblem(`it names more than ${MOST_TESTS} tests`);
    this.counts[ending === 'flaky' ? 'passed' : ending] += 1;
    const list = ending === 'failed' || ending === 'flaky' ? this.failed : this.others;
    if (list.length < MOST_CASES)
      list.push({ name, ending, message: failureMessage(attribute, text, plainName), ...(file && { file }) });
  }

  sum(): Sum {
    const unnamed = Math.max(0, this.#claimed - this.#told - this.#excused);
    return { ...this.counts, total: this.counts.total + unnamed, failed: this.counts.failed + unnamed };
  }
}

type JunitFile = { readonly path: string; readonly source: ReportSource };

const add = (a: Sum, b: Sum): Sum => ({
  total: a.total + b.total,
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Reads the JUnit reports of one run as they come; null when there are none. What is wrong with one is in `problem`. */
export const readTestReport = async (files: readonly JunitFile[]): Promise<TestReport | null> => {
  if (files.length === 0) return null;
  let sum: Sum = { total: 0, passed: 0, failed: 0, skipped: 0 };
  let problem: string | null = null;
  const failed: TestCase[] = [];
  const others: TestCase[] = [];
  for (const { path, source } of files) {
    const reader = new JunitReader();
    try {
      await readXml(
        source.chunks(),
        {
          onOpen: (element, parents) => reader.open(element, parents),
          onClose: (name) => reader.close(name),
          onText: (text) => reader.text(text),
        },
        mendControls(),
      );
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      problem ??= `${path} cannot be used: ${error.message}`;
    }
    sum = add(sum, reader.sum());
    failed.push(...reader.failed.slice(0, MOST_CASES - failed.length));
    others.push(...reader.others.slice(0, MOST_CASES - others.length));
  }
  const cases = [...failed, ...others].slice(0, MOST_CASES);
  return { ...sum, cases, files: files.map(({ path }) => path), problem };
};
