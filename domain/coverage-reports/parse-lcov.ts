import { type CoverageSink, keyOf, MOST_LINES, NEVER_LOADED } from './coverage-sink';
import { ReportProblem } from './report-problem';

const LONGEST_LINE = 64 * 1024;
const FORM = 'is not of the form that geninfo(1) describes';

const [NEWLINE, RETURN, SPACE, COMMA, DASH, ZERO, NINE] = [10, 13, 32, 44, 45, 48, 57];
const [A, B, COLON, D, E, F, S] = [65, 66, 58, 68, 101, 70, 83];
/** The byte order mark, byte by byte. */
const MARK = '\xef\xbb\xbf';

const starts = (bytes: Buffer, at: number, end: number, word: string): boolean => {
  if (end - at < word.length) return false;
  for (let index = 0; index < word.length; index += 1) if (bytes[at + index] !== word.charCodeAt(index)) return false;
  return true;
};

/** FNV-1a of bytes. */
const keyOfBytes = (bytes: Buffer, from: number, to: number): number => {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
};

const comma = (bytes: Buffer, from: number, end: number): number => {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at += 1;
  return at;
};

/** The number that is written between two places; NaN when there is none. */
const number = (bytes: Buffer, from: number, to: number): number => {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number(bytes.toString('latin1', from, to)); // 1e3, or nothing that counts
    value = value * 10 + digit;
  }
  return from < to ? value : Number.NaN;
};

const isNumber = (bytes: Buffer, from: number, to: number): boolean => {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) < ZERO || (bytes[at] ?? 0) > NINE) return false;
  return from < to;
};

/** Sums, names of tests, checksums, what a tool has added of its own; comments and blank lines. */
const isOtherRecord = (bytes: Buffer, at: number, end: number): boolean =>
  at === end || /^(?:[A-Z][A-Z0-9_]*:|#|\s*$)/.test(bytes.toString('latin1', at, Math.min(end, at + 40)));

/** Takes the lines of a tracefile one by one. */
class TracefileReader {
  readonly #sink: CoverageSink;
  #isOpen = false;
  #sections = 0;
  /** Functions as LCOV 2.2 writes them: several names of one function follow each other. */
  #group = { index: -1, hits: 0 };
  /** The sum of functions that the section claims, and whether it names any: Bun writes the sum alone. */
  #claimed = { covered: 0, total: 0 };
  #namesFunctions = false;

  constructor(sink: CoverageSink) {
    this.#sink = sink;
  }

  /** Takes a line of the form `DA:<digits>,<digits>`, nine of ten in any report, and gives where the next one begins; `at`: it is none, or not all of it is there. */
  plainData(bytes: Buffer, at: number): number {
    if (!this.#isOpen || bytes[at] !== D || bytes[at + 1] !== A || bytes[at + 2] !== COLON) return at;
    let place = at + 3;
    let line = 0;
    let digit = (bytes[place] ?? 0) - ZERO;
    for (; digit >= 0 && digit <= 9; digit = (bytes[place] ?? 0) - ZERO) {
      line = line * 10 + digit;
      place += 1;
    }
    if (bytes[place] !== COMMA || place === at + 3 || place > at + 12) return at;
    const first = place + 1;
    let hits = 0;
    digit = (bytes[first] ?? 0) - ZERO;
    for (place = first; digit >= 0 && digit <= 9; digit = (bytes[place] ?? 0) - ZERO) {
      hits = hits * 10 + digit;
      place += 1;
    }
    if (bytes[place] !== NEWLINE || place === first || place > first + 15 || line > MOST_LINES) return at;
    this.#sink.line(line, hits);
    return place + 1;
  }

  line(bytes: Buffer, at: number, end: number): void {
    const first = bytes[at];
    if (first === D && starts(bytes, at, end, 'DA:')) this.#data(bytes, at + 3, end);
    else if (first === B && starts(bytes, at, end, 'BRDA:')) this.#branch(bytes, at + 5, end);
    else if (first === F && this.#function(bytes, at, end)) return;
    else if (first === S && starts(bytes, at, end, 'SF:')) this.#begin(bytes.toString('utf8', at + 3, end));
    else if (first === E && end - at === 13 && starts(bytes, at, end, 'end_of_record')) this.#end();
    else if (!isOtherRecord(bytes, at, end)) throw new ReportProblem('is no record of a tracefile');
  }

  close(): void {
    if (this.#sections === 0) throw new ReportProblem('it holds no SF record: it is not an LCOV report');
    if (this.#isOpen) throw new ReportProblem('it is cut off: the last section has no end_of_record');
  }

  #begin(path: string): void {
    if (this.#isOpen) throw new ReportProblem('begins a section inside another one');
    if (path.trim() === '') throw new ReportProblem('names no file');
    this.#isOpen = true;
    this.#claimed = { covered: 0, total: 0 };
    this.#namesFunctions = false;
    this.#sections += 1;
    this.#sink.begin(path);
  }

  #end(): void {
    if (!this.#isOpen) throw new ReportProblem('ends a section that was not begun');
    this.#endGroup();
    if (!this.#namesFunctions && this.#claimed.total !== 0) this.#sink.count('functions', this.#claimed);
    this.#sink.end();
    this.#isOpen = false;
  }

  /** `hits`: NaN when there are none. */
  #check(line: number, hits: number): void {
    if (!this.#isOpen) throw new ReportProblem('stands outside of a section');
    if (!(line >= 0 && line <= MOST_LINES && hits >= 0 && hits <= Number.MAX_VALUE)) throw new ReportProblem(FORM);
  }

  /** `<line>,<hits>[,<checksum>]` */
  #data(bytes: Buffer, at: number, end: number): void {
    const middle = comma(bytes, at, end);
    const line = number(bytes, at, middle);
    const hits = number(bytes, middle + 1, comma(bytes, middle + 1, end));
    this.#check(line, hits);
    this.#sink.line(line, hits);
  }

  /** `<line>,[e]<block>,<branch>,<hits or ->`, where the branch may be words that hold commas. */
  #branch(bytes: Buffer, at: number, end: number): void {
    let last = end - 1;
    while (last > at && bytes[last] !== COMMA) last -= 1;
    const first = comma(bytes, at, end);
    const isTaken = !(last + 2 === end && bytes[last + 1] === DASH);
    const hits = isTaken ? number(bytes, last + 1, end) : 0;
    const line = number(bytes, at, first);
    this.#check(first < last ? line : Number.NaN, hits);
    const middle = comma(bytes, first + 1, last);
    this.#sink.branch(line, keyOfBytes(bytes, first, middle), keyOfBytes(bytes, middle, last), hits);
  }

  #function(bytes: Buffer, at: number, end: number): boolean {
    if (starts(bytes, at, end, 'FNF:')) this.#claimed.total = number(bytes, at + 4, end);
    else if (starts(bytes, at, end, 'FNH:')) this.#claimed.covered = number(bytes, at + 4, end);
    else return this.#namedFunction(bytes, at, end);
    return true;
  }

  #namedFunction(bytes: Buffer, at: number, end: number): boolean {
    if (starts(bytes, at, end, 'FNDA:')) {
      const middle = comma(bytes, at + 5, end);
      const hits = number(bytes, at + 5, middle);
      this.#check(0, middle < end ? hits : Number.NaN);
      this.#sink.callFunction(keyOfBytes(bytes, middle + 1, end), hits);
    } else if (starts(bytes, at, end, 'FN:')) this.#declare(bytes, at + 3, end);
    else if (starts(bytes, at, end, 'FNA:')) this.#callAlias(bytes, at + 4, end);
    else return false;
    this.#namesFunctions = true;
    return true;
  }

  /** `<line>,[<last line>,]<name>` */
  #declare(bytes: Buffer, at: number, end: number): void {
    const first = comma(bytes, at, end);
    const second = comma(bytes, first + 1, end);
    const name = second < end && isNumber(bytes, first + 1, second) ? second : first;
    this.#check(0, 0);
    if (end - name === NEVER_LOADED.length + 1 && starts(bytes, name + 1, end, NEVER_LOADED)) this.#sink.neverLoaded();
    this.#sink.declareFunction(keyOfBytes(bytes, name + 1, end));
  }

  /** `<index>,<hits>,<name>`: one of the names of the function with that index (geninfo of LCOV 2.2). */
  #callAlias(bytes: Buffer, at: number, end: number): void {
    const first = comma(bytes, at, end);
    const second = comma(bytes, first + 1, end);
    const [index, hits] = [number(bytes, at, first), number(bytes, first + 1, second)];
    this.#check(index, hits);
    if (this.#group.index !== index) this.#endGroup();
    this.#group = { index, hits: Math.max(this.#group.hits, hits) };
  }

  #endGroup(): void {
    const { index, hits } = this.#group;
    if (index >= 0) this.#sink.callFunction(keyOf(`#${index}`), hits);
    this.#group = { index: -1, hits: 0 };
  }
}

const trimmedEnd = (bytes: Buffer, at: number, end: number): number => {
  let last = end;
  while (last > at && ((bytes[last - 1] ?? 0) === RETURN || (bytes[last - 1] ?? 0) === SPACE)) last -= 1;
  return last;
};

/** Parts pieces of the file into lines. */
class LineSplitter {
  readonly #reader: TracefileReader;
  #lines = 0;
  #rest = Buffer.alloc(0);

  constructor(reader: TracefileReader) {
    this.#reader = reader;
  }

  read(piece: Buffer): void {
    let at = this.#rest.length > 0 ? this.#finishRest(piece) : this.#start(piece);
    for (;;) {
      const plain = this.#reader.plainData(piece, at);
      if (plain > at) {
        this.#lines += 1;
        at = plain;
        continue;
      }
      const end = piece.indexOf(NEWLINE, at);
      if (end < 0) break;
      this.#take(piece, at, end);
      at = end + 1;
    }
    if (at < piece.length) this.#keep(piece.subarray(at));
  }

  /** A copy: a view would keep the whole piece alive. */
  #keep(part: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, part]);
    if (this.#rest.length > LONGEST_LINE) this.#take(this.#rest, 0, this.#rest.length);
  }

  /** Takes the line that began in an earlier piece; gives where the next one begins. */
  #finishRest(piece: Buffer): number {
    const end = piece.indexOf(NEWLINE);
    if (end < 0) return 0;
    const line = Buffer.concat([this.#rest, piece.subarray(0, end)]);
    this.#rest = Buffer.alloc(0);
    this.#take(line, this.#start(line), line.length);
    return end + 1;
  }

  #start(bytes: Buffer): number {
    return this.#lines === 0 && starts(bytes, 0, bytes.length, MARK) ? MARK.length : 0;
  }

  end(): void {
    this.#take(this.#rest, this.#start(this.#rest), this.#rest.length);
    this.#reader.close();
  }

  #take(bytes: Buffer, at: number, end: number): void {
    this.#lines += 1;
    try {
      if (end - at > LONGEST_LINE) throw new ReportProblem(`is longer than ${LONGEST_LINE} characters`);
      this.#reader.line(bytes, at, trimmedEnd(bytes, at, end));
    } catch (error) {
      if (!(error instanceof ReportProblem)) throw error;
      const shown = JSON.stringify(bytes.toString('utf8', at, Math.min(end, at + 80)));
      throw new ReportProblem(`line ${this.#lines} ${error.message}: ${shown}`);
    }
  }
}

/**
 * An LCOV tracefile (geninfo(1), versions 1 and 2), byte by byte: the figures are counted from the records DA, BRDA and FNDA, and not taken from the summaries
 * LF, LH … that a tool may have got wrong; only where a section names no function, FNF and FNH are all that is known of them. Nothing of the report is kept. @throws ReportProblem
 */
export const parseLcov = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sink: CoverageSink,
): Promise<void> => {
  const splitter = new LineSplitter(new TracefileReader(sink));
  for await (const chunk of chunks) splitter.read(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  splitter.end();
};
