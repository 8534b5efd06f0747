import type { CoverageMetric, CoverageRatio } from '../coverage';
import type { XmlElement } from '../xml/read-xml';
import type { CoverageSink } from './coverage-sink';
import type { XmlDialect } from './xml-dialect';
import { countIn, fileIn } from './xml-numbers';

const METRICS: Readonly<Record<string, CoverageMetric>> = { LINE: 'lines', BRANCH: 'branches', METHOD: 'functions' };

/** Branches of a line that are counted one by one; a line has a handful. */
const MOST_BRANCHES = 10_000;

/**
 * JaCoCo's XML (report.dtd 1.1), also as Kover and gcovr write it. A line is covered when one of its instructions was executed. Where a source file has no lines with
 * instructions (compiled without debug information), its sums count. Reports of several
 * modules have a `<group>` for each.
 */
export const readJacoco = (sink: CoverageSink): XmlDialect => {
  let packageName = '';
  const groups: string[] = [];
  let hasLines = false;

  const openLine = (element: XmlElement): void => {
    const line = countIn(element, 'nr');
    if (element.attributes.mi === undefined && element.attributes.ci === undefined) return;
    hasLines = true;
    countIn(element, 'mi', 0);
    sink.line(line, countIn(element, 'ci', 0));
    const [missed, covered] = [countIn(element, 'mb', 0), countIn(element, 'cb', 0)];
    const total = Math.min(MOST_BRANCHES, missed + covered);
    for (let index = 0; index < total; index += 1) sink.branch(line, 0, index, index < covered ? 1 : 0);
  };
  const openCounter = (element: XmlElement): void => {
    const metric = METRICS[element.attributes.type ?? ''];
    const covered = countIn(element, 'covered');
    const ratio: CoverageRatio = { covered, total: covered + countIn(element, 'missed') };
    if (metric !== undefined && (metric === 'functions' || !hasLines)) sink.count(metric, ratio);
  };
  return {
    open: (element, parents) => {
      const isInSource = parents.at(-1) === 'sourcefile';
      if (element.name === 'group') groups.push(element.attributes.name ?? '');
      // gcovr writes the dots that JaCoCo does not.
      else if (element.name === 'package') packageName = (element.attributes.name ?? '').replaceAll('.', '/');
      else if (element.name === 'sourcefile') {
        hasLines = false;
        sink.begin([packageName, fileIn(element, 'name')].filter(Boolean).join('/'), { groups: [...groups] });
      } else if (element.name === 'line' && isInSource) openLine(element);
      else if (element.name === 'counter' && isInSource) openCounter(element);
    },
    close: (name) => {
      if (name === 'sourcefile') sink.end();
      else if (name === 'group') groups.pop();
    },
    text: () => undefined,
  };
};
