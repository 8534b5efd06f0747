import type { XmlElement } from '../xml/read-xml';
import { type CoverageSink, checkRatio, keyOf, NEVER_LOADED } from './coverage-sink';
import { quoted, ReportProblem } from './report-problem';
import type { XmlDialect } from './xml-dialect';
import { checkRate, countIn, hitsIn, textIn } from './xml-numbers';

/** `50% (1/2)`: branches of a line. */
const writeBranches = (line: number, element: XmlElement, sink: CoverageSink): void => {
  const text = element.attributes['condition-coverage'];
  if (text === undefined) return;
  const [, covered, total] = /^\s*\d+(?:[.,]\d+)?\s*%\s*\((\d{1,6})\/(\d{1,6})\)\s*$/.exec(text) ?? [];
  if (covered === undefined || total === undefined)
    throw new ReportProblem(`condition-coverage of line ${line} is ${quoted(text)}, not of the form "50% (1/2)"`);
  const ratio = checkRatio('branches', { covered: Number(covered), total: Number(total) });
  for (let index = 0; index < ratio.total; index += 1) sink.branch(line, 0, index, index < ratio.covered ? 1 : 0);
};

/**
 * Cobertura's XML (coverage-04.dtd), as coverage.py, gcovr, coverlet, Istanbul and others write it. Lines are those of the classes; those of methods are the same ones
 * again and say only whether the method was called.
 */
export const readCobertura = (sink: CoverageSink): XmlDialect => {
  const sources: string[] = [];
  let isInSource = false;
  let className = '';
  let fileName = '';
  let method: { readonly key: number; hits: number } | null = null;

  const openLine = (element: XmlElement, parents: readonly string[]): void => {
    const hits = hitsIn(element, 'hits');
    const line = countIn(element, 'number');
    const owner = parents.at(-2);
    if (owner === 'method' && method) method.hits = Math.max(method.hits, hits);
    else if (owner === 'class') {
      // Classes that a compiler made stand in no file, and have no lines.
      if (fileName.trim() === '') throw new ReportProblem(`the class ${quoted(className)} has lines and names no file`);
      sink.line(line, hits);
      writeBranches(line, element, sink);
    }
  };
  const openMethod = (element: XmlElement): void => {
    const { name = '', signature = '', hits } = element.attributes;
    if (name === NEVER_LOADED) sink.neverLoaded();
    method = {
      key: keyOf(`${className}\n${name}\n${signature}`),
      hits: hits === undefined ? 0 : hitsIn(element, 'hits'),
    };
  };
  return {
    open: (element, parents) => {
      const { name } = element;
      if (name === 'line') openLine(element, parents);
      else if (name === 'method') openMethod(element);
      else if (name === 'source') {
        sources.push('');
        isInSource = true;
      } else if (name === 'coverage') for (const rate of ['line-rate', 'branch-rate']) checkRate(element, rate);
      else if (name === 'class') {
        className = element.attributes.name ?? '';
        fileName = textIn(element, 'filename');
        sink.begin(fileName, { bases: sources });
      }
    },
    close: (name) => {
      if (name === 'source') isInSource = false;
      if (name === 'class') sink.end();
      if (name !== 'method' || !method) return;
      sink.callFunction(method.key, method.hits);
      method = null;
    },
    text: (text) => {
      if (isInSource) sources.push((sources.pop() ?? '') + text);
    },
  };
};
