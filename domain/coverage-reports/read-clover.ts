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
 * Clover's XML, as Istanbul, PHPUnit, gcovr and (Open)Clover write it. Lines are counted; branches, functions and statements are taken from the sums of each
 * file, because tools mean different things by a line's `truecount`. The project's own tests (`testproject`) are left out.
 */
export const readClover = (sink: CoverageSink): XmlDialect => ({
  open: (element, parents) => {
    if (parents.includes('testproject')) return;
    if (element.name === 'file') sink.begin(fileIn(element, element.attributes.path === undefined ? 'name' : 'path'));
    else if (element.name === 'metrics' && parents.at(-1) === 'file')
      for (const [metric, name] of SUMS)
        sink.count(metric, {
          covered: countIn(element, `covered${name}`, 0),
          total: countIn(element, name, 0),
        });
    else if (element.name === 'line' && parents.includes('file') && element.attributes.type !== 'method')
      sink.line(countIn(element, 'num'), hitsOf(element));
  },
  close: (name, parents) => {
    if (name === 'file' && !parents.includes('testproject')) sink.end();
  },
  text: () => undefined,
});
