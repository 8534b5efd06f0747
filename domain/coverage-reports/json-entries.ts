import { quoted, ReportProblem } from './report-problem';

/** A record of one file: the largest bundles that are instrumented take a few megabytes. */
const MOST_ENTRY_BYTES = 32 * 1024 * 1024;
const MOST_DEPTH = 100;

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, COLON] = [34, 92, 123, 125, 91, 93, 44, 58];
const isBlank = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

type Expected = 'start' | 'first-key' | 'key' | 'colon' | 'value' | 'next' | 'nothing';

const parse = (bytes: Buffer, what: string): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new ReportProblem(`it is not JSON ${what}: ${(error as Error).message.slice(0, 200)}`);
  }
};

const keysIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, part) => sum + keysIn(part), 0);
  return Array.isArray(value) ? inside : inside + Object.keys(value).length;
};

/** Bytes of one key or value, wherever the pieces of the report are cut. */
class Token {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #depth = 0;
  #colons = 0;
  #inString = false;
  #isEscaped = false;

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.length;
    if (this.#bytes > MOST_ENTRY_BYTES)
      throw new ReportProblem(`one of its records has more than ${MOST_ENTRY_BYTES} bytes`);
  }

  /** What `byte` is to the token: a part of it, its last byte, or the first one after it. */
  see(byte: number): 'inside' | 'last' | 'after' {
    if (this.#inString) return this.#seeText(byte);
    if (byte === QUOTE) this.#inString = true;
    else if (byte === COLON) this.#colons += 1;
    else if (byte === OPEN || byte === OPEN_LIST) {
      this.#depth += 1;
      if (this.#depth > MOST_DEPTH) throw new ReportProblem(`it is nested more than ${MOST_DEPTH} deep`);
    } else if (this.#depth === 0 && (byte === COMMA || byte === CLOSE)) return 'after';
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      this.#depth -= 1;
      if (this.#depth <= 0) return 'last';
    }
    return 'inside';
  }

  #seeText(byte: number): 'inside' | 'last' {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      return this.#depth === 0 ? 'last' : 'inside';
    }
    return 'inside';
  }

  value(what: string): unknown {
    const value = parse(Buffer.concat(this.#parts), what);
    // Which of two entries counts is anybody's guess.
    if (keysIn(value) !== this.#colons) throw new ReportProblem(`it has a key twice ${what}`);
    return value;
  }
}

class EntrySplitter {
  #expected: Expected = 'start';
  #token: Token | null = null;
  #key = '';
  readonly #keys = new Set<string>();
  readonly #onEntry: (key: string, value: unknown) => void;

  constructor(onEntry: (key: string, value: unknown) => void) {
    this.#onEntry = onEntry;
  }

  read(bytes: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (!this.#token && this.#between(byte)) continue;
      if (!this.#token) {
        this.#token = new Token();
        from = at;
      }
      const seen = this.#token.see(byte);
      if (seen === 'inside') continue;
      this.#token.add(bytes.subarray(from, seen === 'last' ? at + 1 : at));
      this.#finish(this.#token);
      if (seen === 'after') this.#between(byte);
    }
    if (this.#token) this.#token.add(Buffer.from(bytes.subarray(from)));
  }

  end(): void {
    if (this.#expected !== 'nothing') throw new ReportProblem('it is not JSON: it is cut off');
  }

  /** Takes what stands between keys and values; false: a token begins here. */
  #between(byte: number): boolean {
    if (isBlank(byte)) return true;
    const step = `${this.#expected} ${String.fromCharCode(byte)}`;
    if (step === 'start {') this.#expected = 'first-key';
    else if (step === 'first-key }' || step === 'next }') this.#expected = 'nothing';
    else if (step === 'next ,') this.#expected = 'key';
    else if (step === 'colon :') this.#expected = 'value';
    else if (this.#expected === 'value' || step === 'key "' || step === 'first-key "') return false;
    else if (this.#expected === 'start') throw new ReportProblem('it is not an object as Istanbul writes it');
    else
      throw new ReportProblem(
        `it is not JSON: ${quoted(String.fromCharCode(byte))} stands after ${quoted(this.#key)} where it cannot`,
      );
    return true;
  }

  #finish(token: Token): void {
    this.#token = null;
    if (this.#expected === 'value') {
      this.#expected = 'next';
      this.#onEntry(this.#key, token.value(`at ${quoted(this.#key)}`));
      return;
    }
    this.#expected = 'colon';
    this.#key = String(token.value('at a key'));
    if (this.#keys.has(this.#key)) throw new ReportProblem(`it has the key ${quoted(this.#key)} twice`);
    this.#keys.add(this.#key);
  }
}

/** The entries of one JSON object as they come, each parsed by itself: memory holds the largest one. @throws ReportProblem */
export const readJsonEntries = async (
  chunks: AsyncIterable<Uint8Array>,
  onEntry: (key: string, value: unknown) => void,
): Promise<void> => {
  const splitter = new EntrySplitter(onEntry);
  let isFirst = true;
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    splitter.read(hasMark ? chunk.subarray(3) : chunk);
    isFirst = false;
  }
  splitter.end();
};
