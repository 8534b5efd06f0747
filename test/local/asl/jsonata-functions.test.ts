import { expect } from 'chai';
import { type Bench, createBench } from './support/bench';
import { type Case, value } from './support/state-shapes';

const outputs: readonly Case[] = [
  { title: '$partition', states: value('$partition([1,2,3,4,5], 2)'), output: [[1, 2], [3, 4], [5]] },
  { title: '$partition without a size', states: value('$partition([1,2])'), output: [[1, 2]] },
  { title: '$range', states: value('$range(0, 10, 5)'), output: [0, 5, 10] },
  { title: '$range downwards', states: value('$range(3, 1, -1)'), output: [3, 2, 1] },
  { title: '$range of one number', states: value('$range(3, 3, 1)'), output: 3 },
  {
    title: '$hash',
    states: value("$hash('Hello', 'SHA-256')"),
    output: '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',
  },
  { title: '$random', states: value('$random()'), output: 0.5 },
  {
    title: '$random with a seed, twice the same',
    states: value('$random(7) = $random(7) and $random(7) != $random(8)'),
    output: true,
  },
  { title: '$uuid', states: value('$uuid()'), output: '00000000-0000-4000-8000-000000000002' },
  { title: '$parse', states: value('$parse(\'{"a":[1]}\').a[0]'), output: 1 },
  { title: '$millis on the clock', states: value('$millis()'), output: Date.parse('2030-01-01T00:00:00.000Z') },
];

describe('functions that AWS adds to JSONata', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(() => bench.close());

  for (const { title, states, input, output } of outputs) {
    it(`give: ${title}`, async () => {
      const { execution } = await bench.run(states, input);
      expect(execution.cause).to.equal(undefined);
      expect(JSON.parse(execution.output ?? 'null')).to.deep.equal(output);
    });
  }
});
