import type { CoverageMetric } from '../coverage';
import type { XmlElement } from '../xml/read-xml';
import type { CoverageSink } from './coverage-sink';
import type { XmlDialect } from './xml-dialect';
import { countIn, fileIn, hitsIn } from './xml-numbers';

const SUMS: readonly (readonly [CoverageMetric, string])[] = [
  ['branches', 'conditionals'],
  ['functions', 'methods'],
  ['statements', 'statements'],
];

const hitsOf = (element: XmlElement): number =>
  element.attributes.count === undefined
    ? Math.max(hitsIn(element, 'truecount'), hitsIn(element, 'falsecount'))
    : hitsIn(element, 'count');

/**
 * Lines that PHPUnit writes as a method only, although their statement stands there, too (`function size(): int { return 1; }`): methods without a line of their own after
 * them, if the file has as many statements more than it has lines. A method without any statement is written by OpenClover alone, which leaves nothing out.
 */
const hiddenLines = () => {
  let statements = 0;
  let written = 0;
  let last: readonly [line: number, hits: number] | null = null;
  let alone: (readonly [line: number, hits: number])[] = [];
  const endMethod = () => {
    if (last) alone.push(last);
    last = null;
  };
  return {
    clear: () => {
      [statements, written, last, alone] = [0, 0, null, []];
    },
    claim: (count: number) => {
      statements = count;
    },
    seeStatement: () => {
      written += 1;
      last = null;
    },
    seeMethod: (line: number, hits: number) => {
      endMethod();
      last = [line, hits];
    },
    all: () => {
      endMethod();
      return statements - written >= alone.length ? alone : [];
    },
  };
};

/**
 * Clover's XML, as Istanbul, PHPUnit, gcovr and (Open)Clover write it. Lines are counted; branches, functions and statements are taken from the sums of each
 * file, because tools mean different things by a line's `truecount`. The project's own tests (`testproject`) are left out.
 */
export const readClover = (sink: CoverageSink): XmlDialect => {
  const hidden = hiddenLines();
  const openMetrics = (element: XmlElement): void => {
    for (const [metric, name] of SUMS)
      sink.count(metric, { covered: countIn(element, `covered${name}`, 0), total: countIn(element, name, 0) });
    hidden.claim(countIn(element, 'statements', 0));
  };
  const openLine = (element: XmlElement): void => {
    const { type, count } = element.attributes;
    if (type === 'method' && count === undefined) return;
    const [line, hits] = [countIn(element, 'num'), hitsOf(element)];
    if (type === 'method') hidden.seeMethod(line, hits);
    else sink.line(line, hits);
    if (type === 'stmt') hidden.seeStatement();
  };
  return {
    open: (element, parents) => {
      if (parents.includes('testproject')) return;
      if (element.name === 'file') {
        hidden.clear();
        sink.begin(fileIn(element, element.attributes.path === undefined ? 'name' : 'path'));
      } else if (element.name === 'metrics' && parents.at(-1) === 'file') openMetrics(element);
      else if (element.name === 'line' && parents.includes('file')) openLine(element);
    },
    close: (name, parents) => {
      if (name !== 'file' || parents.includes('testproject')) return;
      for (const [line, hits] of hidden.all()) sink.line(line, hits);
      sink.end();
    },
    text: () => undefined,
  };
};
