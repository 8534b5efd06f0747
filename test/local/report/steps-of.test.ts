import { expect } from 'chai';
import { stepsOf } from '../../../local/report/steps-of';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const entered = (name: string, seconds: number, kind = 'Task') => ({
  type: `${kind}StateEntered`,
  timestamp: at(seconds),
  stateEnteredEventDetails: { name },
});
const event = (type: string, seconds: number) => ({ type, timestamp: at(seconds) });

describe('stepsOf', () => {
  it('times each working state and leaves out those that only choose', () => {
    const steps = stepsOf([
      event('ExecutionStarted', 0),
      entered('AcquireLock', 1),
      event('TaskScheduled', 1),
      event('TaskSucceeded', 3),
      event('TaskStateExited', 3),
      entered('LockAcquired', 3, 'Choice'),
      event('ChoiceStateExited', 3),
      event('ExecutionSucceeded', 4),
    ]);
    expect(steps).to.deep.equal([
      { name: 'AcquireLock', startedAt: at(1).toISOString(), seconds: 2, attempts: 1, outcome: 'succeeded' },
    ]);
  });

  it('counts attempts, and a retried step that succeeds has succeeded', () => {
    const [step] = stepsOf([
      entered('Build', 0),
      event('TaskScheduled', 0),
      event('TaskFailed', 1),
      event('TaskScheduled', 2),
      event('TaskSucceeded', 5),
      event('TaskStateExited', 5),
    ]);
    expect(step).to.include({ attempts: 2, outcome: 'succeeded', seconds: 5 });
  });

  it('shows a caught failure as failed', () => {
    const steps = stepsOf([
      entered('Checkout', 0),
      event('TaskScheduled', 0),
      event('TaskFailed', 2),
      event('TaskStateExited', 2),
      entered('SendToDeadLetterQueue', 2),
      event('TaskScheduled', 2),
      event('TaskSucceeded', 3),
      event('TaskStateExited', 3),
    ]);
    expect(steps.map(({ name, outcome }) => [name, outcome])).to.deep.equal([
      ['Checkout', 'failed'],
      ['SendToDeadLetterQueue', 'succeeded'],
    ]);
  });

  it('shows the step in which an execution was aborted as unfinished, once', () => {
    const steps = stepsOf([entered('Build', 0), event('TaskScheduled', 0), event('ExecutionAborted', 9)]);
    expect(steps).to.have.length(1);
    expect(steps[0]).to.include({ name: 'Build', outcome: 'unfinished', seconds: null });
  });

  it('shows a step that is still running', () => {
    expect(stepsOf([entered('Build', 0)])).to.have.nested.property('[0].outcome', 'unfinished');
  });
});
