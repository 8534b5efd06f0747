import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { percentOf } from '../../../domain/coverage';
import { readTestReport } from '../../../domain/test-reports/parse-junit';
import { fixture, read, report, textSource } from '../../support/report-sources';

const paths = readdirSync('test/fixtures/reports', { recursive: true })
  .map((path) => String(path).replaceAll('\\', '/'))
  .filter((path) => /\.(json|xml|info)$/.test(path))
  .sort();
const isJunit = (path: string): boolean => /junit|TEST-/.test(path);

const WRONG = ['NaN', '-1', '1e999', '-0', '101', '1.5', '99999999999999999999', '"x"', 'null', 'Infinity', '', '100%'];

/** A place in a report, as a share of its length; how much of it; one of the wrong numbers. */
type Place = { readonly at: number; readonly length: number; readonly pick: number };
type Mutation = (text: string, place: Place) => string;

const cut = (text: string, { at, length }: Place): string => text.slice(0, at) + text.slice(at + length);
const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);
const nest =
  (open: string): Mutation =>
  (text, { at }) =>
    insert(text, at, open.repeat(100_000));

const mutations: Readonly<Record<string, Mutation>> = {
  cutOff: (text, { at }) => text.slice(0, at),
  cutOut: cut,
  double: (text, { at, length }) => insert(text, at, text.slice(at, at + length)),
  move: (text, { at, length, pick }) => {
    const rest = cut(text, { at, length, pick });
    return insert(rest, (at * (pick + 1)) % (rest.length + 1), text.slice(at, at + length));
  },
  flip: (text, { at, pick }) =>
    text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (pick % 8))) + text.slice(at + 1),
  renumber: (text, { at, pick }) => {
    const found = /\d+/.exec(text.slice(at));
    const from = at + (found?.index ?? 0);
    return text.slice(0, from) + WRONG[pick % WRONG.length] + text.slice(from + (found?.[0].length ?? 0));
  },
  renumberAll: (text, { pick }) => text.replace(/\d+/g, WRONG[pick % WRONG.length] ?? ''),
  nestLists: nest('['),
  nestObjects: nest('{"a":'),
  nestElements: nest('<a>'),
  twice: (text) => text + text,
  another: (text, { at, pick }) => insert(text, at, fixture(paths[pick % paths.length] ?? '').toString('latin1')),
};

const step = fc.record({
  name: fc.oneof(fc.constantFrom(...Object.keys(mutations)), fc.constantFrom('cutOut', 'double', 'flip', 'renumber')),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 400 }),
  pick: fc.nat(1_000),
});

/** A report of a real tool after one or two mishaps; fast-check prints the seed and the report when something is wrong. */
const mutated = (isMeant: (path: string) => boolean) =>
  fc
    .record({
      path: fc.constantFrom(...paths.filter(isMeant)),
      steps: fc.array(step, { minLength: 1, maxLength: 2 }),
    })
    .map(({ path, steps }) => {
      let text = fixture(path).toString('latin1');
      for (const { name, share, length, pick } of steps)
        text = mutations[name]?.(text, { at: Math.floor(share * text.length), length, pick }) ?? text;
      return { path, steps, bytes: Buffer.from(text, 'latin1') };
    });

describe('reports of real tools after mishaps', () => {
  it('are red with a reason, or never say more than all is covered', async () => {
    const ends = { totals: 0, empty: 0, malformed: 0 };
    await fc.assert(
      fc.asyncProperty(
        mutated((path) => !isJunit(path)),
        fc.boolean(),
        async ({ path, bytes }, isTwice) => {
          const one = report(bytes);
          const data = await read(isTwice ? [one, report(fixture(path))] : [one], ['src/price.js'], ['src/price.js']);
          ends[data.kind] += 1;
          if (data.kind !== 'totals') {
            expect(data.message).to.match(/\S/).and.have.length.below(1_000);
            return;
          }
          for (const ratio of Object.values(data.totals)) {
            if (!ratio) continue;
            expect(Number.isSafeInteger(ratio.covered) && Number.isSafeInteger(ratio.total)).to.equal(true);
            expect(percentOf(ratio)).to.be.within(0, 100);
            expect(ratio.covered).to.be.within(0, ratio.total);
          }
        },
      ),
      { numRuns: 600 },
    );
    // Mishaps that no report survives, or all do, would try nothing.
    expect(ends.totals).to.be.greaterThan(40);
    expect(ends.malformed).to.be.greaterThan(40);
  });

  it('name no fewer than none, and as many tests as they end, in JUnit', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(isJunit), async ({ path, bytes }) => {
        const found = await readTestReport([{ path, source: textSource(bytes) }]);
        if (!found) throw new Error('it was left out');
        const { total, passed, failed, skipped, problem } = found;
        for (const count of [total, passed, failed, skipped]) expect(Number.isSafeInteger(count)).to.equal(true);
        expect(Math.min(total, passed, failed, skipped)).to.be.at.least(0);
        expect(passed + failed + skipped).to.equal(total);
        if (problem !== null)
          expect(problem)
            .to.match(/cannot be used: \S/)
            .and.have.length.below(1_000);
      }),
      { numRuns: 400 },
    );
  });
});
