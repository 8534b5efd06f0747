import type { XmlElement } from '../xml/read-xml';
import { quoted, ReportProblem } from './report-problem';

const shown = ({ name }: XmlElement, attribute: string): string => `the attribute ${attribute} of an element <${name}>`;

/** A whole number of 0 or more; `missing` where the attribute is not there. @throws ReportProblem */
export const countIn = (element: XmlElement, attribute: string, missing?: number): number => {
  const text = element.attributes[attribute];
  if (text === undefined && missing !== undefined) return missing;
  if (text !== undefined && /^\d{1,15}$/.test(text.trim())) return Number(text);
  throw new ReportProblem(
    `${shown(element, attribute)} ${text === undefined ? 'is not there' : `is ${quoted(text)}, not a whole number of 0 or more`}`,
  );
};

/** Hits, which a tool may have counted beyond what a whole number holds. */
export const hitsIn = (element: XmlElement, attribute: string): number => {
  const text = element.attributes[attribute] ?? '';
  const hits = /^\d+(\.\d+)?([eE]\+?\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (hits <= Number.MAX_VALUE) return hits;
  throw new ReportProblem(`${shown(element, attribute)} is ${quoted(text)}, not a count of 0 or more`);
};

/** A share that a tool has computed: it is not used, but one that cannot be says that the report is not what it seems. */
export const checkRate = (element: XmlElement, attribute: string): void => {
  const text = element.attributes[attribute];
  if (text === undefined || (/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) && Number(text) <= 1)) return;
  throw new ReportProblem(`${shown(element, attribute)} is ${quoted(text)}, not a share from 0 to 1`);
};

/** The name of a file. @throws ReportProblem when it is none */
export const fileIn = (element: XmlElement, attribute: string): string => {
  const name = textIn(element, attribute);
  if (name.trim() === '') throw new ReportProblem(`${shown(element, attribute)} names no file`);
  return name;
};

export const textIn = (element: XmlElement, attribute: string): string => {
  const text = element.attributes[attribute];
  if (text === undefined) throw new ReportProblem(`${shown(element, attribute)} is not there`);
  return text;
};
