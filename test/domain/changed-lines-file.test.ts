import { expect } from 'chai';
import fc from 'fast-check';
import type { ChangedLines } from '../../domain/changed-lines';
import { changedLinesFile, readChangedLinesFile } from '../../domain/changed-lines-file';
import { failureOf } from '../support/failure-of';
import { textSource } from '../support/report-sources';

const read = (text: string, pieceBytes?: number) =>
  readChangedLinesFile(textSource(text, pieceBytes).chunks(), 'c.ndjson');
const head = '{"version":2,"from":"a","to":"b","beyond":null}\n';

describe('the file of changed lines', () => {
  it('gives back what was written, wherever it is cut', async () => {
    const line = fc.integer({ min: 1, max: 1_000 });
    const changes: fc.Arbitrary<ChangedLines> = fc.record({
      from: fc.string(),
      to: fc.string(),
      beyond: fc.option(fc.string()),
      files: fc.array(fc.record({ path: fc.string({ unit: 'grapheme' }), ranges: fc.array(fc.tuple(line, line)) })),
      repositoryFiles: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(changes, fc.integer({ min: 1, max: 500 }), async (written, pieceBytes) => {
        expect(await read([...changedLinesFile(written)].join(''), pieceBytes)).to.deep.equal(written);
      }),
      { numRuns: 50 },
    );
  });

  const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
    nothing: ['', /^c\.ndjson cannot be used: it is empty/],
    'another version': [head.replace('2', '1'), /line 1: /],
    'a line that is cut off': [`${head}["a"`, /its last line is cut off/],
    'a line that is not JSON': [`${head}x\n`, /line 2: .*JSON/],
    'a file without a path': [`${head}{"ranges":[]}\n`, /line 2: /],
    'a line of the number 0': [`${head}{"path":"a","ranges":[[0,1]]}\n`, /line 2: /],
    'a path that is a number': [`${head}["a",1]\n`, /line 2: /],
  };
  for (const [what, [text, message]] of Object.entries(wrong))
    it(`with ${what} is refused`, async () => {
      const error = await failureOf(read(text));
      expect(error).to.include({ name: 'ResultInvalid' });
      expect(error.message).to.match(message);
    });

  it('with a line that never ends is refused soon', async () => {
    let pieces = 0;
    const chunks = async function* () {
      for (; pieces < 1_000; pieces += 1) yield Buffer.alloc(1024 * 1024, 'x');
    };
    expect((await failureOf(readChangedLinesFile(chunks(), 'c'))).message).to.match(/more than 67108864 bytes/);
    expect(pieces).to.be.below(66);
  });
});
