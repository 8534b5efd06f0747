import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';

/** Why a document is not read on. */
export class XmlProblem extends Error {}

export type XmlElement = { readonly name: string; readonly attributes: Readonly<Record<string, string>> };

export type XmlHandlers = {
  /** `parents`: names of the elements around it, the root first. */
  readonly onOpen: (element: XmlElement, parents: readonly string[]) => void;
  readonly onClose?: (name: string, parents: readonly string[]) => void;
  /** Text and CDATA inside of the root, in pieces. */
  readonly onText?: (text: string) => void;
};

const HEAD_BYTES = 200;
const MOST_DEPTH = 100;
/** Characters without an element: a comment, a doctype or the output of a test that has no end would fill the memory. */
const MOST_BETWEEN = 16 * 1024 * 1024;

/** UTF-8, or what the declaration in the first bytes says. A mark at the beginning goes before it. */
const decoderOf = (bytes: Uint8Array): TextDecoder => {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le');
  const [, encoding = 'utf-8'] =
    /^[^<]{0,3}<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head.toString('latin1')) ?? [];
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new XmlProblem(`its encoding "${encoding}" is not known`);
  }
};

/** The same bytes, of which the first piece is long enough to hold the declaration. */
async function* withWholeHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let isWhole = false;
  for await (const chunk of chunks) {
    if (isWhole) yield chunk;
    else head = Buffer.concat([head, chunk]);
    if (isWhole || head.length < HEAD_BYTES) continue;
    isWhole = true;
    yield head;
  }
  if (!isWhole) yield head;
}

/** What is done to the text before it is read. */
export type TextMender = { readonly mend: (text: string) => string; readonly end: () => string };
const AS_IT_IS: TextMender = { mend: (text) => text, end: () => '' };

/**
 * Reads XML as it comes. Nothing is fetched, and nothing is expanded but the five entities of XML and character references: a document that declares entities of its
 * own is refused, and so is one that is nested more than 100 deep. @throws XmlProblem
 */
export const readXml = async (
  chunks: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
  { mend, end }: TextMender = AS_IT_IS,
): Promise<void> => {
  const parser = new SaxesParser({ xmlns: false });
  const parents: string[] = [];
  let sinceElement = 0;
  parser.on('error', (error) => {
    throw new XmlProblem(`it is not XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[') || doctype.includes('<!'))
      throw new XmlProblem('its DOCTYPE declares things of its own (an internal subset), which is not followed');
  });
  parser.on('opentag', ({ name, attributes }) => {
    sinceElement = 0;
    if (parents.length >= MOST_DEPTH) throw new XmlProblem(`it is nested more than ${MOST_DEPTH} deep`);
    handlers.onOpen({ name, attributes }, parents);
    parents.push(name);
  });
  parser.on('closetag', ({ name }) => {
    sinceElement = 0;
    parents.pop();
    handlers.onClose?.(name, parents);
  });
  const { onText } = handlers;
  if (onText) {
    parser.on('text', (text) => parents.length > 0 && onText(text));
    parser.on('cdata', onText);
  }

  let decoder: TextDecoder | null = null;
  for await (const chunk of withWholeHead(chunks)) {
    decoder ??= decoderOf(chunk);
    parser.write(mend(decoder.decode(chunk, { stream: true })));
    sinceElement += chunk.length;
    if (sinceElement > MOST_BETWEEN)
      throw new XmlProblem(`it has more than ${MOST_BETWEEN} characters in which no element begins or ends`);
  }
  parser.write(mend(decoder?.decode() ?? ''));
  parser.write(end());
  parser.close();
};
