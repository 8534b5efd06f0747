import { expect } from 'chai';
import { classifyFailure } from '../../domain/classify-failure';

/** What Step Functions gives for a build that did not succeed, in the service's order of members. */
const buildCause = (status: string, phases: readonly object[] = []): string =>
  JSON.stringify({
    Build: {
      Arn: 'arn:aws:codebuild:eu-west-1:111122223333:build/builder:7d2f',
      BuildComplete: true,
      BuildStatus: status,
      Environment: { EnvironmentVariables: [{ Name: 'RELEASE', Value: 'r1' }] },
      Id: 'builder:7d2f',
      Phases: phases,
    },
  });
const fine = { PhaseType: 'INSTALL', PhaseStatus: 'SUCCEEDED', Contexts: [{ Message: '', StatusCode: '' }] };
const broken = (message: string) => ({
  PhaseType: 'BUILD',
  PhaseStatus: 'FAILED',
  Contexts: [{ Message: message, StatusCode: 'COMMAND_EXECUTION_ERROR' }],
});
const classify = (cause: string, error = 'States.TaskFailed', step = 'Build') =>
  classifyFailure({ step, error, cause });

describe('classifyFailure', () => {
  it('finds the phase of a build that failed, and its words', () => {
    const message = 'Error while executing command: node main.mjs "x". Reason: exit status 1';
    const { code, message: found, remedy } = classify(buildCause('FAILED', [fine, broken(message)]));
    expect(code).to.equal('BuildFailed');
    expect(found).to.equal(`The Build build ended as FAILED: ${message}.`);
    expect(remedy).to.match(/move the item back to Ready or redrive/);
  });

  it('tells a time limit, a stop by hand and a fault of CodeBuild apart', () => {
    expect(classify(buildCause('TIMED_OUT'))).to.include({ code: 'BuildTimedOut' });
    expect(classify(buildCause('STOPPED')).message).to.equal('The Build build was stopped by somebody.');
    expect(classify(buildCause('FAULT')).message).to.equal('The Build build ended as FAULT.');
  });

  it('makes the best of a Cause that is cut off anywhere', () => {
    const long = `${'x'.repeat(200)}\\"y\n`.repeat(400);
    const whole = buildCause('FAILED', [fine, broken(long), broken('second')]);
    for (let length = 0; length <= Math.min(whole.length, 32_768); length += 97) {
      const { code, message } = classify(whole.slice(0, length));
      expect(['BuildFailed', 'States.TaskFailed']).to.include(code);
      expect(message).to.not.equal('');
    }
  });

  it("takes a task's own code and words", () => {
    const cause = JSON.stringify({ errorType: 'LeaseLost', errorMessage: 'The lease is "gone".\nReally.', trace: [] });
    expect(classify(cause, 'LeaseLost', 'Publish')).to.include({
      code: 'LeaseLost',
      message: 'The lease is "gone".\nReally.',
    });
  });

  it('says of what may pass that it was tried several times', () => {
    expect(classify('{"errorMessage":"502"}', 'GitHubUnavailable').remedy).to.match(/tried several times/);
    expect(classify('{"errorMessage":"no"}', 'BoardMisconfigured').remedy).to.match(/^Mend the cause/);
  });

  it('has words where there is no Cause, or one that is no JSON', () => {
    expect(classify('', 'Lambda.Unknown', 'CoverageGate')).to.include({ message: 'The step CoverageGate failed.' });
    expect(classify('plain words', 'Whatever')).to.include({ code: 'Whatever', message: 'plain words' });
    expect(classify('anything', 'States.Timeout').message).to.equal('The step Build did not end in time.');
  });

  it('does not take long for a hostile Cause', () => {
    const started = Date.now();
    for (const piece of ['"Message":"\\', '"BuildStatus"', '\\"', '"StatusCode":"A","Message":"', ' '])
      classify(`"BuildStatus"${piece.repeat(32_768 / piece.length)}`);
    expect(Date.now() - started).to.be.below(2_000);
  });
});
