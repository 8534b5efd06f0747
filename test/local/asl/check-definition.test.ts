import { expect } from 'chai';
import { checkDefinition } from '../../../local/asl/check-definition';

const end = { Type: 'Pass', End: true };
const machine = (States: object, more: object = {}): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States, ...more });
const task = (more: object) =>
  machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...more } });
const map = (more: object, processor: object = { StartAt: 'B', States: { B: end } }) => ({
  A: { Type: 'Map', ItemProcessor: processor, End: true, ...more },
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['what is not JSON', '{', /INVALID_JSON_DESCRIPTION/],
  [
    'JSONPath by default',
    JSON.stringify({ StartAt: 'A', States: { A: end } }),
    /JSONata dialect only.*\/States\/A\/QueryLanguage/,
  ],
  [
    'JSONPath inside a branch',
    JSON.stringify({
      StartAt: 'A',
      States: {
        A: { Type: 'Parallel', QueryLanguage: 'JSONata', End: true, Branches: [{ StartAt: 'B', States: { B: end } }] },
      },
    }),
    /Branches\[0\]\/States\/B\/QueryLanguage/,
  ],
  ['JSONPath by name', machine({ A: end }, { QueryLanguage: 'JSONPath' }), /JSONata dialect only.*at \/QueryLanguage/],
  ['a JSONPath state', machine({ A: { ...end, QueryLanguage: 'JSONPath' } }), /QueryLanguage/],
  ['fields of JSONPath', machine({ A: { ...end, InputPath: '$' } }), /InputPath/],
  ['an unknown type', machine({ A: { Type: 'Loop' } }), /States\/A/],
  [
    'a missing StartAt',
    machine({ A: end }, { StartAt: 'B' }),
    /MISSING_TRANSITION_TARGET: Missing 'Next' target: B at \/StartAt/,
  ],
  ['a missing Next', machine({ A: { Type: 'Pass', Next: 'B' } }), /Missing 'Next' target: B at \/States\/A/],
  ['a missing Catch target', task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }), /Missing 'Next' target: B/],
  [
    'a missing Default',
    machine({ A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }], Default: 'C' }, B: end }),
    /target: C/,
  ],
  ['a state that nothing leads to', machine({ A: end, C: end }), /State "C" is not reachable\. at \/States\/C/],
  [
    'a loop without an end',
    machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
    /MISSING_END_STATE/,
  ],
  ['neither Next nor End', machine({ A: { Type: 'Pass' } }), /\[Next, End\]/],
  ['both Next and End', machine({ A: { ...end, Next: 'B' }, B: end }), /\[Next, End\]/],
  ['a Wait without a time', machine({ A: { Type: 'Wait', End: true } }), /\[Seconds, Timestamp\]/],
  [
    'States.ALL before another entry',
    task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }),
    /States\.ALL.*Retry\[0\]/,
  ],
  [
    'States.ALL beside another name',
    task({ Catch: [{ ErrorEquals: ['States.ALL', 'E'], Next: 'A' }] }),
    /States\.ALL.*Catch\[0\]/,
  ],
  ['a tolerance on an inline map', machine(map({ ToleratedFailureCount: 1 })), /ToleratedFailureCount.*DISTRIBUTED/],
  [
    'an expression that does not parse',
    machine({ A: { ...end, Output: { a: ['{% $( %}'] } } }),
    /INVALID_JSONATA_EXPRESSION.*Output\/a\/0/,
  ],
  [
    'two states of one name',
    machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: end } }], End: true } }),
    /DUPLICATE_STATE_NAME/,
  ],
  [
    'a fault inside a branch',
    machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass' } } }], End: true } }),
    /Branches\[0\]\/States\/B/,
  ],
  [
    'an inner variable of an outer name',
    machine({
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' },
      M: { ...map({}, { StartAt: 'B', States: { B: { ...end, Assign: { x: 2 } } } }).A },
    }),
    /Variable x/,
  ],
  ['the variable $states', machine({ A: { ...end, Assign: { states: 1 } } }), /Variable states/],
  ['a Resource that is no integration', task({ Resource: 'arn:aws:s3:::bucket' }), /ARN of an integration/],
];

describe('checkDefinition', () => {
  for (const [title, text, message] of refused) {
    it(`refuses ${title}`, () => {
      expect(() => checkDefinition(text))
        .to.throw(Error, message)
        .with.property('name', 'InvalidDefinition');
    });
  }

  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'B',
    States: { B: { ...end, Assign: { x: 2 } } },
  };
  const accepted: readonly (readonly [string, string])[] = [
    [
      'JSONata on each state alone',
      JSON.stringify({ StartAt: 'A', States: { A: { ...end, QueryLanguage: 'JSONata' } } }),
    ],
    [
      'an own variable in a distributed map',
      machine({
        A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' },
        M: { ...map({ Label: 'l', ToleratedFailurePercentage: 100 }, processor).A },
      }),
    ],
  ];
  for (const [title, text] of accepted) {
    it(`accepts ${title}`, () => {
      expect(checkDefinition(text)).to.have.property('StartAt', 'A');
    });
  }
});
