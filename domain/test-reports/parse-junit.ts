import type { ReportSource } from '../coverage-reports/report-source';
import { cutText, plainLine } from '../markdown';
import { readXml, type XmlElement, XmlProblem } from '../xml/read-xml';
import type { TestCase, TestReport } from './test-report';

const MOST_CASES = 2_000;
const MOST_TESTS = 1_000_000;
const LONGEST_NAME = 300;
const LONGEST_MESSAGE = 500;

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

/** Takes the elements of JUnit's XML, which has no standard: what Ant, Surefire, Jest, Vitest, Mocha, pytest and node:test write is understood. */
class JunitReader {
  readonly failed: TestCase[] = [];
  readonly others: TestCase[] = [];
  readonly counts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  /** What the outermost elements claim: a suite may fail without a case that does. */
  #claimed = 0;
  #depthOfClaim = -1;
  #test: { name: string; ending: TestCase['ending']; message: string } | null = null;
  #takesText = false;
  readonly #suites: string[] = [];

  open(element: XmlElement, parents: readonly string[]): void {
    const { name, attributes } = element;
    if (parents.length === 0 && name !== 'testsuites' && name !== 'testsuite')
      throw new XmlProblem(`its root is <${name.slice(0, 60)}>, not <testsuites> or <testsuite>`);
    if (name === 'testsuites' || name === 'testsuite') this.#openSuite(element, parents.length);
    else if (name === 'testcase')
      this.#test = { name: nameOf(attributes, this.#suites), ending: 'passed', message: '' };
    else if (this.#test && parents.at(-1) === 'testcase') this.#end(element, this.#test);
  }

  #openSuite(element: XmlElement, depth: number): void {
    if (element.name === 'testsuite') this.#suites.push(element.attributes.name ?? '');
    countOf(element, 'tests');
    countOf(element, 'skipped');
    const failures = countOf(element, 'failures') + countOf(element, 'errors');
    if (this.#depthOfClaim >= 0 && depth > this.#depthOfClaim) return;
    if (failures === 0) return;
    this.#claimed += failures;
    this.#depthOfClaim = depth;
  }

  #end({ name, attributes }: XmlElement, test: { ending: TestCase['ending']; message: string }): void {
    const isFailure = name === 'failure' || name === 'error' || name === 'rerunFailure' || name === 'rerunError';
    if (isFailure) test.ending = 'failed';
    else if (name === 'skipped' && test.ending === 'passed') test.ending = 'skipped';
    else if ((name === 'flakyFailure' || name === 'flakyError') && test.ending === 'passed') test.ending = 'flaky';
    if (test.message !== '' || !(isFailure || test.ending === 'flaky')) return;
    test.message = attributes.message ?? '';
    this.#takesText = test.message === '';
  }

  text(text: string): void {
    if (this.#takesText && this.#test && this.#test.message.length < LONGEST_MESSAGE)
      this.#test.message += text.slice(0, LONGEST_MESSAGE);
  }

  close(name: string): void {
    this.#takesText = false;
    if (name === 'testsuite') this.#suites.pop();
    if (name !== 'testcase' || !this.#test) return;
    const { ending, message, ...test } = this.#test;
    this.#test = null;
    this.counts.total += 1;
    if (this.counts.total > MOST_TESTS) throw new XmlProblem(`it names more than ${MOST_TESTS} tests`);
    this.counts[ending === 'flaky' ? 'passed' : ending] += 1;
    const list = ending === 'failed' || ending === 'flaky' ? this.failed : this.others;
    const firstLine = plainLine(message.trim().split('\n')[0] ?? '');
    if (list.length < MOST_CASES) list.push({ ...test, ending, message: cutText(firstLine, LONGEST_MESSAGE) });
  }

  sum(): Sum {
    const unnamed = Math.max(0, this.#claimed - this.counts.failed);
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
      await readXml(source.chunks(), {
        onOpen: (element, parents) => reader.open(element, parents),
        onClose: (name) => reader.close(name),
        onText: (text) => reader.text(text),
      });
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      problem ??= `${path} cannot be used: ${error.message}`;
    }
    sum = add(sum, reader.sum());
    failed.push(...reader.failed);
    others.push(...reader.others);
  }
  const cases = [...failed, ...others].slice(0, MOST_CASES);
  return { ...sum, cases, files: files.map(({ path }) => path), problem };
};
