import { readXml, type XmlElement, XmlProblem } from '../xml/read-xml';
import type { CoverageSink } from './coverage-sink';
import { readClover } from './read-clover';
import { readCobertura } from './read-cobertura';
import { readJacoco } from './read-jacoco';
import { quoted, ReportProblem } from './report-problem';
import type { XmlDialect } from './xml-dialect';

export type XmlFormat = 'cobertura' | 'clover' | 'jacoco';

const readers: Readonly<Record<XmlFormat, (sink: CoverageSink) => XmlDialect>> = {
  cobertura: readCobertura,
  clover: readClover,
  jacoco: readJacoco,
};

/** Clover and Cobertura have the same root; only Cobertura gives rates, and only Clover says when it was generated. */
const formatOf = ({ name, attributes }: XmlElement): XmlFormat => {
  if (name === 'report') return 'jacoco';
  if (name === 'coverage') return 'clover' in attributes || 'generated' in attributes ? 'clover' : 'cobertura';
  throw new ReportProblem(
    `its root is <${quoted(name).slice(1, -1)}>, which is neither Cobertura's and Clover's <coverage> nor JaCoCo's <report>`,
  );
};

/** Cobertura, Clover or JaCoCo, told apart by the root. @throws ReportProblem */
export const parseXmlCoverage = async (chunks: AsyncIterable<Uint8Array>, sink: CoverageSink): Promise<XmlFormat> => {
  let found: { readonly format: XmlFormat; readonly dialect: XmlDialect } | null = null;
  try {
    await readXml(chunks, {
      onOpen: (element, parents) => {
        if (!found) {
          const format = formatOf(element);
          found = { format, dialect: readers[format](sink) };
        }
        found.dialect.open(element, parents);
      },
      onClose: (name, parents) => found?.dialect.close(name, parents),
      onText: (text) => found?.dialect.text(text),
    });
  } catch (error) {
    throw error instanceof XmlProblem ? new ReportProblem(error.message) : error;
  }
  if (!found) throw new ReportProblem('it holds no element');
  return (found as { readonly format: XmlFormat }).format;
};
