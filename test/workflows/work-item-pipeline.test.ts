import { expect } from 'chai';
import { taskContracts } from '../../lambdas/registry';
import { workItemPipeline } from '../../workflows/work-item-pipeline/definition';
import { resources } from './pipeline-bench';

type State = {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName?: string; readonly Payload?: Record<string, unknown> };
  readonly Retry?: readonly {
    ErrorEquals: string[];
    BackoffRate: number;
    JitterStrategy: string;
    MaxAttempts: number;
  }[];
  readonly Catch?: readonly { ErrorEquals: string[]; Next: string }[];
  readonly Choices?: readonly { Next: string }[];
  readonly ItemProcessor?: Machine;
};
type Machine = {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly ProcessorConfig?: object;
};

const machine = workItemPipeline(resources) as Machine;
const states = machine.States;
const itemMachine = states.ProcessWorkItems?.ItemProcessor as Machine;
const all = { ...states, ...itemMachine.States };
const tasks = Object.entries(all).filter(([, { Type }]) => Type === 'Task');

const targetsOf = (state: State): string[] => [
  ...(state.Next ? [state.Next] : []),
  ...(state.Default ? [state.Default] : []),
  ...(state.Choices ?? []).map(({ Next }) => Next),
  ...(state.Catch ?? []).map(({ Next }) => Next),
];

describe('workItemPipeline', () => {
  it('calls every task of the registry, each through a qualified ARN', () => {
    const called = new Set(tasks.map(([, { Arguments }]) => Arguments?.FunctionName).filter(Boolean));
    expect([...called].sort()).to.deep.equal(taskContracts.map(({ name }) => resources.functionArn(name)).sort());
  });

  it('hands each task exactly the fields of its contract', () => {
    for (const contract of taskContracts) {
      const fields = Object.keys((contract.input as unknown as { shape: object }).shape).sort();
      const callers = tasks.filter(
        ([, { Arguments }]) => Arguments?.FunctionName === resources.functionArn(contract.name),
      );
      expect(callers, contract.name).to.not.have.length(0);
      for (const [name, { Arguments }] of callers)
        expect(Object.keys(Arguments?.Payload ?? {}).sort(), name).to.deep.equal(fields);
    }
  });

  it('sends every failure after the lock through dead letter, report and release, in this order', () => {
    const afterLock = [
      'AnnounceStart',
      'Checkout',
      'Build',
      'CoverageGate',
      'Publish',
      'UpdatePullRequest',
      'ReleaseLock',
    ];
    for (const name of afterLock)
      expect(
        itemMachine.States[name]?.Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next]),
        name,
      ).to.deep.equal([[['States.ALL'], 'SendToDeadLetterQueue']]);
    const { SendToDeadLetterQueue: send, RecordSpendingAfterFailure: record } = itemMachine.States;
    const { ReportFailure: report, ReleaseLockAfterFailure: release } = itemMachine.States;
    expect([send?.Next, record?.Next, report?.Next, release?.Next]).to.deep.equal([
      'RecordSpendingAfterFailure',
      'ReportFailure',
      'ReleaseLockAfterFailure',
      'Failed',
    ]);
  });

  it('sends a failure before the lock to the dead-letter queue and reports nothing on the board', () => {
    expect(itemMachine.States.AcquireLock?.Catch?.[0]?.Next).to.equal('SendUnlockedToDeadLetterQueue');
    expect(targetsOf(itemMachine.States.SendUnlockedToDeadLetterQueue as State)).to.deep.equal(['Failed', 'Failed']);
  });

  it('lets a failing poll fail the execution: that is an alarm, not a dead letter', () => {
    expect(states.PollWorkItems?.Catch).to.equal(undefined);
  });

  it('has no loop: clean-up goes forward only', () => {
    for (const { States } of [machine, itemMachine]) {
      const visit = (name: string, path: readonly string[]): void => {
        expect(path, `loop through ${name}`).to.not.include(name);
        for (const target of targetsOf(States[name] as State)) visit(target, [...path, name]);
      };
      for (const name of Object.keys(States)) visit(name, []);
    }
  });

  it('retries only named transient errors, with backoff 2 and full jitter', () => {
    for (const [name, { Retry }] of tasks)
      for (const rule of Retry ?? []) {
        expect(rule.ErrorEquals, name).to.not.include('States.ALL').and.not.include('States.TaskFailed');
        expect(rule, name).to.include({ BackoffRate: 2, JitterStrategy: 'FULL' });
        expect(rule.MaxAttempts, name).to.be.within(1, 20);
      }
    const retried = new Set(tasks.flatMap(([, { Retry }]) => Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals));
    expect(retried).to.include.all.keys('RateLimited', 'GitHubUnavailable', 'CodeBuild.AccountLimitExceededException');
    expect(retried).to.not.include('LeaseLost');
  });

  it('runs each item in a child execution of its own and tolerates every failing one', () => {
    expect(states.ProcessWorkItems).to.deep.include({
      ToleratedFailurePercentage: 100,
      MaxConcurrency: 2,
      Label: 'items',
    });
    expect(itemMachine.ProcessorConfig).to.deep.equal({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
  });
});
