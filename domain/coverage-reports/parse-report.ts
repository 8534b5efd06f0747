import type { CoverageSink } from './coverage-sink';
import { foreignReport } from './foreign-report';
import { parseIstanbul } from './parse-istanbul';
import { parseLcov } from './parse-lcov';
import { parseXmlCoverage, type XmlFormat } from './parse-xml-coverage';
import { ReportProblem } from './report-problem';
import type { ReportSource } from './report-source';

export type CoverageFormat = 'istanbul-summary' | 'istanbul-detail' | 'lcov' | XmlFormat;

/** Reads a coverage report of any supported format, recognised by its content, into `sink`. @throws ReportProblem */
export const parseReport = async (source: ReportSource, sink: CoverageSink): Promise<CoverageFormat> => {
  if (source.bytes === 0) throw new ReportProblem('the file has 0 bytes', 'empty');
  const head = (await source.head()).replace(/^\uFEFF/, '').trimStart();
  if (head === '') throw new ReportProblem('the file holds nothing but white space', 'empty');
  const foreign = foreignReport(head);
  if (foreign !== null) throw new ReportProblem(foreign);
  if (head.startsWith('{') || head.startsWith('[')) return parseIstanbul(source.chunks(), sink);
  if (head.startsWith('<') || head.startsWith('\0<') || head.startsWith('\uFFFD\uFFFD<'))
    return parseXmlCoverage(source.chunks(), sink);
  if (!/^(TN|SF):/m.test(head))
    throw new ReportProblem(
      'it is neither Istanbul JSON, nor LCOV (which starts with TN: or SF:), nor Cobertura, Clover or JaCoCo XML',
    );
  await parseLcov(source.chunks(), sink);
  return 'lcov';
};
