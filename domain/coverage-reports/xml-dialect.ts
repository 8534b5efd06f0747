import type { XmlElement } from '../xml/read-xml';

/** How one kind of XML report is read. */
export type XmlDialect = {
  readonly open: (element: XmlElement, parents: readonly string[]) => void;
  readonly close: (name: string, parents: readonly string[]) => void;
  readonly text: (text: string) => void;
};
