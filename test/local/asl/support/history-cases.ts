export const task = (given: unknown, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: given,
  ...more,
});
export const last = { End: true };
export const pass = { Type: 'Pass', ...last };
const wait = { Type: 'Wait', Seconds: 60, ...last };
const branch = (state: object) => ({ StartAt: 'S', States: { S: state } });
export const missing = '{% $states.input.missing %}';
const map = (state: object, more: object = {}) => ({
  M: { Type: 'Map', Items: [1, 2], ItemProcessor: branch(state), ...last, ...more },
});
const distributed = (state: object, more: object = {}) =>
  map(state, {
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...branch(state) },
    ...more,
  });
const parallel = (states: readonly object[], more: object = {}) => ({
  P: {
    Type: 'Parallel',
    Branches: states.map((state, index) => ({ StartAt: `S${index}`, States: { [`S${index}`]: state } })),
    ...last,
    ...more,
  },
});

/** Order and chain as recorded from the service; each line is `type<previousEventId`, ids count from 1. */
export const cases: readonly {
  readonly title: string;
  readonly states: object;
  readonly more?: object;
  readonly expected: string;
}[] = [
  {
    title: 'a Pass',
    states: { S: pass },
    expected: 'ExecutionStarted<0 PassStateEntered<0 PassStateExited<2 ExecutionSucceeded<3',
  },
  {
    title: 'a Wait and a Succeed',
    states: { W: { Type: 'Wait', Seconds: 3600, Next: 'S' }, S: { Type: 'Succeed' } },
    expected:
      'ExecutionStarted<0 WaitStateEntered<0 WaitStateExited<2 SucceedStateEntered<3 SucceedStateExited<4 ExecutionSucceeded<5',
  },
  {
    title: 'a Fail',
    states: { F: { Type: 'Fail', Error: 'E' } },
    expected: 'ExecutionStarted<0 FailStateEntered<0 ExecutionFailed<2',
  },
  {
    title: 'a Choice without a match',
    states: { C: { Type: 'Choice', Choices: [{ Condition: false, Next: 'S' }] }, S: pass },
    expected: 'ExecutionStarted<0 ChoiceStateEntered<0 ExecutionFailed<2',
  },
  {
    title: 'a task',
    states: { T: task({}, last) },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 TaskScheduled<2 TaskStarted<3 TaskSucceeded<4 TaskStateExited<5 ExecutionSucceeded<6',
  },
  {
    title: 'a .sync task',
    states: { T: task({}, { Resource: 'arn:aws:states:::codebuild:startBuild.sync', ...last }) },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 TaskScheduled<2 TaskStarted<3 TaskSubmitted<4 TaskSucceeded<5 TaskStateExited<6 ExecutionSucceeded<7',
  },
  {
    title: 'a Lambda function named directly',
    states: { T: task({}, { Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:f', ...last }) },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 LambdaFunctionScheduled<2 LambdaFunctionStarted<3 LambdaFunctionSucceeded<4 TaskStateExited<5 ExecutionSucceeded<6',
  },
  {
    title: 'a Lambda function named directly that fails',
    states: { T: task({ fail: true }, { Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:f', ...last }) },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 LambdaFunctionScheduled<2 LambdaFunctionStarted<3 LambdaFunctionFailed<4 ExecutionFailed<5',
  },
  {
    title: 'a task that fails after one retry',
    states: { T: task({ fail: true }, { Retry: [{ ErrorEquals: ['MyError'], MaxAttempts: 1 }], ...last }) },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 TaskScheduled<2 TaskStarted<3 TaskFailed<4 TaskScheduled<5 TaskStarted<6 TaskFailed<7 ExecutionFailed<8',
  },
  {
    title: 'a task that times out',
    states: { T: task({ hang: true }, { TimeoutSeconds: 5, ...last }) },
    expected: 'ExecutionStarted<0 TaskStateEntered<0 TaskScheduled<2 TaskStarted<3 TaskTimedOut<4 ExecutionFailed<5',
  },
  {
    title: 'a caught failure',
    states: { T: task({ fail: true }, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }], ...last }), S: pass },
    expected:
      'ExecutionStarted<0 TaskStateEntered<0 TaskScheduled<2 TaskStarted<3 TaskFailed<4 TaskStateExited<5 PassStateEntered<6 PassStateExited<7 ExecutionSucceeded<8',
  },
  {
    title: 'an expression that fails, once per attempt',
    states: { T: task({ a: missing }, { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }], ...last }) },
    expected: 'ExecutionStarted<0 TaskStateEntered<0 EvaluationFailed<2 EvaluationFailed<3 ExecutionFailed<4',
  },
  {
    title: 'a machine that times out',
    states: { W: { ...wait, Seconds: 25 } },
    more: { TimeoutSeconds: 3 },
    expected: 'ExecutionStarted<0 WaitStateEntered<0 ExecutionTimedOut<0',
  },
  {
    title: 'an inline Map with MaxConcurrency 1',
    states: map(pass, { MaxConcurrency: 1 }),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapIterationStarted<3 PassStateEntered<4 PassStateExited<5 MapIterationSucceeded<6 ' +
      'MapIterationStarted<6 PassStateEntered<8 PassStateExited<9 MapIterationSucceeded<10 MapStateSucceeded<11 MapStateExited<11 ExecutionSucceeded<13',
  },
  {
    title: 'an inline Map without items',
    states: map(pass, { Items: [] }),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapStateSucceeded<3 MapStateExited<3 ExecutionSucceeded<5',
  },
  {
    title: 'tasks of an inline Map, of which one times out',
    states: map(task({ hang: true }, { TimeoutSeconds: 5, ...last })),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapIterationStarted<3 MapIterationStarted<3 TaskStateEntered<4 TaskScheduled<6 ' +
      'TaskStateEntered<5 TaskScheduled<8 TaskStarted<7 TaskStarted<9 TaskTimedOut<10 MapIterationFailed<12 TaskStateAborted<12 ' +
      'MapIterationAborted<12 TaskStateAborted<12 MapStateFailed<12 ExecutionFailed<17',
  },
  {
    title: 'an iteration whose expression fails',
    states: map({ ...pass, Output: { v: missing } }, { MaxConcurrency: 1 }),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapIterationStarted<3 PassStateEntered<4 EvaluationFailed<5 MapIterationFailed<6 MapStateFailed<6 ExecutionFailed<8',
  },
  {
    title: 'an ItemSelector that fails',
    states: map(pass, { MaxConcurrency: 1, ItemSelector: { v: missing } }),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapIterationStarted<3 EvaluationFailed<4 MapIterationFailed<5 MapStateFailed<5 ExecutionFailed<7',
  },
  {
    title: 'Items that fail',
    states: map(pass, { Items: missing }),
    expected: 'ExecutionStarted<0 MapStateEntered<0 EvaluationFailed<2 MapStateFailed<3 ExecutionFailed<4',
  },
  {
    title: 'a runtime error in an iteration, which nothing catches',
    states: map(
      { Type: 'Wait', Timestamp: "{% 'yesterday' %}", ...last },
      { MaxConcurrency: 1, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'H' }] },
    ),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapIterationStarted<3 WaitStateEntered<4 ExecutionFailed<5',
  },
  {
    title: 'a Parallel',
    states: parallel([pass, pass]),
    expected:
      'ExecutionStarted<0 ParallelStateEntered<0 ParallelStateStarted<2 PassStateEntered<3 PassStateExited<4 PassStateEntered<3 PassStateExited<6 ' +
      'ParallelStateSucceeded<7 ParallelStateExited<7 ExecutionSucceeded<9',
  },
  {
    title: 'a Parallel that is retried and fails',
    states: parallel([{ Type: 'Fail', Error: 'E' }], { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] }),
    expected:
      'ExecutionStarted<0 ParallelStateEntered<0 ParallelStateStarted<2 FailStateEntered<3 ParallelStateStarted<4 FailStateEntered<5 ParallelStateFailed<6 ExecutionFailed<7',
  },
  {
    title: 'a branch that fails while another waits',
    states: parallel([wait, task({ fail: true }, last)], { Catch: [{ ErrorEquals: ['MyError'], Next: 'H' }] }),
    more: {},
    expected:
      'ExecutionStarted<0 ParallelStateEntered<0 ParallelStateStarted<2 WaitStateEntered<3 TaskStateEntered<3 TaskScheduled<5 TaskStarted<6 TaskFailed<7 ' +
      'TaskStateAborted<8 WaitStateAborted<8 ParallelStateFailed<8 ParallelStateExited<11 PassStateEntered<12 PassStateExited<13 ExecutionSucceeded<14',
  },
  {
    title: 'a catcher whose own Output fails',
    states: parallel([{ Type: 'Fail', Error: 'E' }], {
      Catch: [{ ErrorEquals: ['States.ALL'], Output: { v: missing }, Next: 'H' }],
    }),
    expected:
      'ExecutionStarted<0 ParallelStateEntered<0 ParallelStateStarted<2 FailStateEntered<3 ParallelStateFailed<4 EvaluationFailed<4 ParallelStateFailed<6 ExecutionFailed<7',
  },
  {
    title: 'a distributed Map',
    states: distributed(pass),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapRunStarted<3 MapRunSucceeded<4 MapStateSucceeded<5 MapStateExited<5 ExecutionSucceeded<7',
  },
  {
    title: 'a distributed Map with too many failures',
    states: distributed({ Type: 'Fail', Error: 'E' }),
    expected:
      'ExecutionStarted<0 MapStateEntered<0 MapStateStarted<2 MapRunStarted<3 MapRunFailed<4 MapStateFailed<5 ExecutionFailed<6',
  },
];
