import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../../local/asl/clock';
import { createEngine, type Engine } from '../../../local/asl/engine';
import { systemRandomness } from '../../../local/asl/randomness';
import { createFileStore } from '../../../local/asl/store';
import { createSqs, type Sqs } from '../../../local/aws/sqs';
import { createIntegrations } from '../../../local/integrations/integrations';
import { temporaryFolder } from '../../support/temporary-folder';
import { type BuildBench, building, home, openBuildBench, project } from '../codebuild/support/build-bench';
import { openLambdaBench } from '../lambda/support/lambda-bench';

const queueUrl = 'http://127.0.0.1:1/123456789012/letters';
const roleArn = 'arn:aws:iam::123456789012:role/pipeline';

describe('the service integrations of the local Step Functions', () => {
  let builds: BuildBench;
  let functions: ReturnType<typeof openLambdaBench>;
  let queue: Sqs;
  let engine: Engine;
  afterEach(async () => {
    await builds.builds.close();
    await functions.lambda.close();
  });
  const folder = temporaryFolder();
  beforeEach(() => {
    builds = openBuildBench(folder(), { projects: [project({ concurrentBuildLimit: 1 })] });
    functions = openLambdaBench(folder());
    const queues = [{ name: 'letters', url: queueUrl, visibilitySeconds: 30 }];
    queue = createSqs({ file: join(folder(), 'sqs.json'), queues, now: () => new Date() });
    engine = createEngine({
      home,
      clock: systemClock,
      randomness: systemRandomness,
      integrations: createIntegrations({ lambda: functions.lambda, builds: builds.builds, queue }),
      store: createFileStore(join(folder(), 'states')),
    });
  });

  let machines = 0;
  const begin = (resource: string, Arguments: object, more: object = {}) => {
    machines += 1;
    const definition = JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Call',
      States: { Call: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Arguments, End: true, ...more } },
    });
    const { machine } = engine.machines.create({ name: `machine-${machines}`, definition, roleArn });
    return engine.startExecution({ stateMachineArn: machine.stateMachineArn }).executionArn;
  };
  const run = async (...call: Parameters<typeof begin>) => {
    const execution = await engine.waitForEnd(begin(...call));
    return { ...execution, value: execution.output === undefined ? undefined : JSON.parse(execution.output) };
  };

  describe('lambda:invoke', () => {
    const call = async (source: string, Payload?: unknown) =>
      run('lambda:invoke', {
        FunctionName: await functions.deploy(source),
        ...(Payload === undefined ? {} : { Payload }),
      });

    it('gives payload, version and status as the optimized integration does', async () => {
      const { value } = await call('export const handler = async ({ a }) => ({ b: a + 1 });', { a: 1 });
      expect(value).to.deep.include({ ExecutedVersion: '1', Payload: { b: 2 }, StatusCode: 200 });
      expect(value.SdkHttpMetadata).to.deep.include({ HttpStatusCode: 200 });
      expect(value.SdkHttpMetadata.HttpHeaders['x-amzn-RequestId']).to.equal(value.SdkResponseMetadata.RequestId);
    });

    it('gives an empty object to a function when there is no payload', async () => {
      expect((await call('export const handler = async (event) => event;')).value.Payload).to.deep.equal({});
    });

    it('fails by the name of what the function threw, with all of it as the cause', async () => {
      const { error, cause } = await call(
        'export const handler = async () => { throw Object.assign(new Error("moved"), { name: "BranchMoved" }); };',
      );
      expect(error).to.equal('BranchMoved');
      expect(JSON.parse(cause ?? '')).to.include({ errorType: 'BranchMoved', errorMessage: 'moved' });
    });

    it('lets a state retry and catch by that name', async () => {
      const source = `let calls = 0;
        export const handler = async () => {
          calls += 1;
          if (calls < 2) throw Object.assign(new Error('later'), { name: 'RateLimited' });
          return calls;
        };`;
      const Retry = [{ ErrorEquals: ['RateLimited'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 }];
      const { value } = await run('lambda:invoke', { FunctionName: await functions.deploy(source) }, { Retry });
      expect(value.Payload).to.equal(2);
    });

    it('reports a function that dies as Runtime.ExitError, and a nameless failure as Lambda.Unknown', async () => {
      expect((await call('export const handler = async () => process.exit(1);')).error).to.equal('Runtime.ExitError');
      const nameless = 'export const handler = async () => { throw Object.assign(new Error("x"), { name: "" }); };';
      expect((await call(nameless)).error).to.equal('Lambda.Unknown');
    });

    it('reports what Lambda itself refuses as Lambda.X', async () => {
      const { error, cause } = await run('lambda:invoke', { FunctionName: 'none:1' });
      expect(error).to.equal('Lambda.ResourceNotFoundException');
      expect(cause).to.match(/^Function not found: none:1 \(Service: AWSLambda; Status Code: 404; Error Code: Res/);
    });

    it('cuts a cause at 32,768 characters, as AWS does', async () => {
      const { cause } = await call('export const handler = async () => { throw new Error("x".repeat(50000)); };');
      expect(cause).to.have.length(32_768);
    });
  });

  describe('codebuild:startBuild.sync', () => {
    const Arguments = {
      ProjectName: 'project',
      SourceTypeOverride: 'S3',
      SourceLocationOverride: 'releases/worker.zip',
      EnvironmentVariablesOverride: [{ Name: 'WORK', Value: 'item', Type: 'PLAINTEXT' }],
    };

    it('waits for the build and gives it in PascalCase', async () => {
      await builds.putSource({ 'buildspec.yml': building('test "$WORK" = item') });
      const { value, executionArn } = await run('codebuild:startBuild.sync', Arguments);
      expect(Object.keys(value)).to.deep.equal(['Build']);
      const { Build } = value;
      expect(Build).to.include({ BuildStatus: 'SUCCEEDED', BuildComplete: true, ProjectName: 'project' });
      expect(Build.Initiator).to.match(/^states\/machine-\d+$/);
      expect(Build.Id).to.match(/^project:/);
      expect(Build.StartTime).to.be.greaterThan(1_500_000_000_000);
      expect(Build.Environment.EnvironmentVariables).to.deep.equal([
        { Name: 'WORK', Type: 'PLAINTEXT', Value: 'item' },
      ]);
      expect(Build.Phases[0]).to.include({ PhaseType: 'SUBMITTED', PhaseStatus: 'SUCCEEDED' });
      const types = engine.history(executionArn).map(({ type }) => type);
      expect(types).to.include.members(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
      const submitted = engine.history(executionArn).find(({ type }) => type === 'TaskSubmitted');
      expect(JSON.parse(submitted?.taskSubmittedEventDetails?.output ?? '')).to.have.nested.property(
        'Build.BuildStatus',
        'IN_PROGRESS',
      );
    });

    it('fails with States.TaskFailed and the build as cause when the build does not succeed', async () => {
      await builds.putSource({ 'buildspec.yml': building('exit 4') });
      const { error, cause } = await run('codebuild:startBuild.sync', Arguments);
      expect(error).to.equal('States.TaskFailed');
      const { Build } = JSON.parse(cause ?? '');
      expect(Build.BuildStatus).to.equal('FAILED');
      const failed = Build.Phases.find(({ PhaseStatus }: { PhaseStatus?: string }) => PhaseStatus === 'FAILED');
      expect(failed.Contexts).to.deep.equal([
        {
          Message: 'Error while executing command: exit 4. Reason: exit status 4',
          StatusCode: 'COMMAND_EXECUTION_ERROR',
        },
      ]);
    });

    it('reports what CodeBuild refuses as CodeBuild.X', async () => {
      await builds.putSource({ 'buildspec.yml': building('while [ ! -e "$WORK" ]; do sleep 0.02; done') });
      const waiting = begin('codebuild:startBuild.sync', Arguments);
      while (builds.builds.list().length === 0) await new Promise((resolve) => setImmediate(resolve));
      const { error, cause } = await run('codebuild:startBuild.sync', Arguments);
      expect(error).to.equal('CodeBuild.AccountLimitExceededException');
      expect(cause).to.contain('Cannot have more than 1 active builds');
      const unknown = await run('codebuild:startBuild.sync', { ...Arguments, ProjectName: 'none' });
      expect(unknown.error).to.equal('CodeBuild.ResourceNotFoundException');
      engine.stopExecution(waiting);
    });

    it('stops the build when the execution is stopped or the task runs out of time', async () => {
      await builds.putSource({ 'buildspec.yml': building('sleep 1000') });
      const executionArn = begin('codebuild:startBuild.sync', Arguments);
      const inBuild = () => builds.builds.list().some(({ phases }) => phases.at(-1)?.type === 'BUILD');
      while (!inBuild()) await new Promise((resolve) => setTimeout(resolve, 5));
      engine.stopExecution(executionArn);
      const [first] = builds.builds.list();
      expect((await builds.builds.waitForEnd(first?.id ?? '')).status).to.equal('STOPPED');
      const late = await run('codebuild:startBuild.sync', Arguments, { TimeoutSeconds: 1 });
      expect(late.error).to.equal('States.Timeout');
      const [, second] = builds.builds.list();
      expect((await builds.builds.waitForEnd(second?.id ?? '')).status).to.equal('STOPPED');
    });

    it('refuses an argument that is not emulated instead of leaving it out', async () => {
      const { error, cause } = await run('codebuild:startBuild.sync', { ...Arguments, PrivilegedModeOverride: true });
      expect(error).to.equal('States.Runtime');
      expect(cause).to.contain('privilegedModeOverride');
      expect(builds.builds.list()).to.deep.equal([]);
    });
  });

  describe('sqs:sendMessage', () => {
    const receive = async () => {
      const answer = (await queue.handle('ReceiveMessage', { QueueUrl: queueUrl }, 'tester')) as {
        Messages?: { Body: string; MessageId: string }[];
      };
      return answer.Messages?.[0];
    };

    it('sends text as it is and anything else as JSON', async () => {
      const { value } = await run('sqs:sendMessage', { QueueUrl: queueUrl, MessageBody: '{"a": 1}' });
      const first = await receive();
      expect(first?.Body).to.equal('{"a": 1}');
      expect(value).to.include({ MessageId: first?.MessageId });
      expect(value.SdkHttpMetadata.HttpStatusCode).to.equal(200);
      await run('sqs:sendMessage', { QueueUrl: queueUrl, MessageBody: { a: 1 } });
      expect((await receive())?.Body).to.equal('{"a":1}');
    });

    it('reports what SQS refuses as SQS.X', async () => {
      const unknown = await run('sqs:sendMessage', { QueueUrl: `${queueUrl}-none`, MessageBody: 'x' });
      expect(unknown.error).to.equal('SQS.QueueDoesNotExistException');
      expect(unknown.cause).to.contain('letters-none');
      const large = await run('sqs:sendMessage', {
        QueueUrl: queueUrl,
        MessageBody: '{% $join([1..200000].("abcdef")) %}',
      });
      expect(large.error).to.equal('SQS.AmazonSQSException');
      expect(large.cause).to.contain('Error Code: InvalidParameterValue');
    });

    it('refuses an argument that is not emulated', async () => {
      const delayed = await run('sqs:sendMessage', { QueueUrl: queueUrl, MessageBody: 'x', DelaySeconds: 5 });
      expect(delayed.error).to.equal('States.Runtime');
      expect(existsSync(join(folder(), 'sqs.json'))).to.equal(false);
    });
  });

  it('fail loudly for any other resource', async () => {
    const { error, cause } = await run('dynamodb:getItem', {});
    expect(error).to.equal('States.Runtime');
    expect(cause).to.contain('arn:aws:states:::dynamodb:getItem');
  });
});
