import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { errorName } from '../aws/support/aws-bench';
import { type Deploy, openLambdaBench } from './support/lambda-bench';

/** What a coverage tool adds to every child process; not ours. */
const isOfCoverage = (name: string): boolean => /^(NYC_|NODE_PRELOAD_|BABEL_|NODE_OPTIONS$)/.test(name);

describe('the local Lambda', () => {
  let bench: ReturnType<typeof openLambdaBench>;
  let deploy: Deploy;
  afterEach(() => bench.lambda.close());
  const folder = temporaryFolder();
  beforeEach(() => {
    bench = openLambdaBench(folder());
    deploy = bench.deploy;
  });

  const invoke = async (arn: string, event: unknown = {}) => {
    const answer = await bench.lambda.invoke(arn, JSON.stringify(event));
    return { ...answer, value: JSON.parse(answer.payload) };
  };
  const failure = async (source: string, changes: Parameters<Deploy>[1] = {}) => {
    const { functionError, value } = await invoke(await deploy(source, changes));
    expect(functionError).to.equal('Unhandled');
    return value as { errorType: string; errorMessage: string; trace?: string[] };
  };
  const log = () => readFileSync(bench.lambda.logFile('task'), 'utf8');

  it('answers with what the handler returns, and says which version that was', async () => {
    const arn = await deploy('export const handler = async (event, context) => ({ event, context });');
    const { value, executedVersion, functionError, requestId } = await invoke(arn, { a: [1, 'ä'] });
    expect(functionError).to.equal(undefined);
    expect(executedVersion).to.equal('1');
    expect(value.event).to.deep.equal({ a: [1, 'ä'] });
    expect(value.context).to.include({
      functionName: 'task',
      functionVersion: '1',
      invokedFunctionArn: arn,
      awsRequestId: requestId,
      memoryLimitInMB: '128',
    });
  });

  it('gives a function exactly its own environment, what Lambda sets, and nothing of the process that asks', async () => {
    process.env.PLANTED_IN_PARENT = 'secret';
    const arn = await deploy('export const handler = async () => process.env;', {
      environment: { TABLE: 'locks', AWS_REGION: 'nowhere' },
    });
    const { value } = await invoke(arn);
    delete process.env.PLANTED_IN_PARENT;
    expect(
      Object.keys(value)
        .filter((name) => !isOfCoverage(name))
        .sort(),
    ).to.deep.equal(
      [
        'AWS_ACCESS_KEY_ID',
        'AWS_DEFAULT_REGION',
        'AWS_EXECUTION_ENV',
        'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
        'AWS_LAMBDA_FUNCTION_NAME',
        'AWS_LAMBDA_FUNCTION_VERSION',
        'AWS_LAMBDA_INITIALIZATION_TYPE',
        'AWS_LAMBDA_LOG_GROUP_NAME',
        'AWS_LAMBDA_LOG_STREAM_NAME',
        'AWS_REGION',
        'LAMBDA_TASK_ROOT',
        'LANG',
        'OVERLAID',
        'PATH',
        'TABLE',
        'TZ',
        '_HANDLER',
        ...(value.NODE_CHANNEL_FD ? ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'] : []),
      ].sort(),
    );
    expect(value).to.include({
      TABLE: 'locks',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key of arn:aws:iam::123456789012:role/task',
    });
  });

  it('keeps its process for the next invocation', async () => {
    const arn = await deploy(
      'let calls = 0; export const handler = async () => { calls += 1; return [process.pid, calls]; };',
    );
    const [first, second] = [(await invoke(arn)).value, (await invoke(arn)).value];
    expect(second).to.deep.equal([first[0], 2]);
  });

  it('has a warm function ready before it is invoked, and starts it once', async () => {
    const arn = await deploy(
      'const at = Date.now(); console.log("started"); export const handler = async () => [process.pid, at];',
    );
    bench.lambda.warm([arn]);
    while (!(existsSync(bench.lambda.logFile('task')) && log().includes('started')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const asked = Date.now();
    const [first, second] = [(await invoke(arn)).value, (await invoke(arn)).value];
    expect(first[1]).to.be.at.most(asked);
    expect(second).to.deep.equal(first);
    expect(() => bench.lambda.warm([arn.replace(/\d+$/, '99')])).to.throw(/99/);
  });

  it('runs each of several invocations at once in a process of its own, at most so many', async () => {
    const source = `let busy = 0;
      export const handler = async () => {
        busy += 1;
        await new Promise((resolve) => setTimeout(resolve, 30));
        const together = busy;
        busy -= 1;
        return [process.pid, together];
      };`;
    const arn = await deploy(source);
    const answers = await Promise.all(Array.from({ length: 12 }, () => invoke(arn)));
    expect(answers.map(({ value }) => value[1])).to.deep.equal(Array(12).fill(1));
    const pids = new Set(answers.map(({ value }) => value[0]));
    expect(pids.size).to.be.within(2, 4);
  });

  it('serialises what the handler throws by name, message and trace', async () => {
    const error = await failure(`export const handler = async () => {
      throw Object.assign(new Error('no such branch'), { name: 'BranchNotFound' });
    };`);
    expect(error).to.include({ errorType: 'BranchNotFound', errorMessage: 'no such branch' });
    expect(error.trace?.[0]).to.equal('BranchNotFound: no such branch');
    expect(await failure('export const handler = async () => { throw "plain"; };')).to.deep.equal({
      errorType: 'string',
      errorMessage: 'plain',
      trace: [],
    });
  });

  it('ends a function that takes too long, and starts afresh for the next invocation', async () => {
    const arn = await deploy(
      'export const handler = async ({ hang }) => hang ? new Promise(() => setInterval(() => {}, 1000)) : process.pid;',
      { timeoutSeconds: 0.2 },
    );
    const before = (await invoke(arn, {})).value;
    const { value } = await invoke(arn, { hang: true });
    expect(value.errorType).to.equal('Sandbox.Timedout');
    expect(value.errorMessage).to.match(/^RequestId: \S+ Error: Task timed out after 0\.20 seconds$/);
    expect((await invoke(arn, {})).value).not.to.equal(before);
    expect(() => process.kill(before, 0)).to.throw('ESRCH');
    expect(log()).to.contain('Sandbox.Timedout');
  });

  it('ends also a function that blocks', async () => {
    const error = await failure('export const handler = async () => { for (;;); };', { timeoutSeconds: 0.2 });
    expect(error.errorType).to.equal('Sandbox.Timedout');
  });

  const deaths: readonly (readonly [string, string, string, RegExp])[] = [
    ['exits', 'process.exit(3)', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    ['exits with 0', 'process.exit(0)', 'Runtime.ExitError', /Runtime exited without providing a reason$/],
    ['is killed', 'process.kill(process.pid, "SIGKILL")', 'Runtime.ExitError', /with error: signal: killed$/],
    [
      'leaves a rejection unhandled',
      'Promise.reject(new TypeError("lost"))',
      'Runtime.UnhandledPromiseRejection',
      /^TypeError: lost$/,
    ],
    ['throws outside of the handler', 'setTimeout(() => { throw new RangeError("late") })', 'RangeError', /^late$/],
  ];
  for (const [what, code, type, message] of deaths)
    it(`reports a function that ${what}`, async () => {
      const error = await failure(`export const handler = () => new Promise(() => { ${code}; });`);
      expect(error.errorType).to.equal(type);
      expect(error.errorMessage).to.match(message);
    });

  it('reports a handler that cannot be loaded', async () => {
    expect(await failure('export const other = 1;')).to.include({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    expect(await failure('', { handler: 'absent.handler' })).to.include({ errorType: 'Runtime.ImportModuleError' });
    expect((await failure('export const handler = ;')).errorType).to.equal('SyntaxError');
    expect((await failure('throw new Error("at load");')).errorMessage).to.equal('at load');
  });

  it('refuses an event and an answer of more than 6 MB', async () => {
    const arn = await deploy('export const handler = async ({ size }) => "x".repeat(size);');
    const large = bench.lambda.invoke(arn, JSON.stringify('x'.repeat(6 * 1024 * 1024)));
    expect(await errorName(large)).to.equal('RequestTooLargeException');
    const { value } = await invoke(arn, { size: 6 * 1024 * 1024 });
    expect(value.errorType).to.equal('Function.ResponseSizeTooLarge');
    expect((await invoke(arn, { size: 5 * 1024 * 1024 })).value).to.have.length(5 * 1024 * 1024);
  });

  it('writes what functions print into one log, whole line by whole line', async () => {
    const line = '{"_aws":{"CloudWatchMetrics":[]},"padding":"x"}';
    const arn = await deploy(`export const handler = async () => {
      for (let index = 0; index < 200; index += 1) {
        process.stdout.write('{"_aws":{"CloudWatchMetrics":[]},');
        process.stdout.write('"padding":"x"}\\n');
        if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      process.stderr.write('without an end');
    };`);
    await Promise.all([invoke(arn), invoke(arn), invoke(arn)]);
    await bench.lambda.close();
    const lines = log().trim().split('\n');
    expect(lines.filter((found) => found === line)).to.have.length(600);
    expect(lines.filter((found) => found !== line)).to.deep.equal(Array(3).fill('without an end'));
  });

  it('runs versions only, each with its own code for ever', async () => {
    const first = await deploy('export const handler = async () => "one";');
    const second = await deploy('export const handler = async () => "two";');
    expect([first.at(-1), second.at(-1)]).to.deep.equal(['1', '2']);
    expect([(await invoke(first)).value, (await invoke(second)).value]).to.deep.equal(['one', 'two']);
    expect((await invoke('task:2')).value).to.equal('two');
    const names = ['task', first.slice(0, -2), 'task:3', 'task:$LATEST', 'other:1', 'not a name'];
    const ends = await Promise.all(names.map((name) => errorName(bench.lambda.invoke(name, '{}'))));
    expect(ends).to.deep.equal([
      'InvalidParameterValueException',
      'InvalidParameterValueException',
      'ResourceNotFoundException',
      'ResourceNotFoundException',
      'ResourceNotFoundException',
      'ValidationException',
    ]);
  });

  it('publishes nothing when nothing has changed, also after a restart', async () => {
    const source = 'export const handler = async () => 1;';
    const bundle = { bucket: 'releases', key: 'bundles/fixed.zip' };
    const arns = [await deploy(source, { bundle }), await deploy(source, { bundle })];
    await bench.lambda.close();
    bench = openLambdaBench(folder());
    arns.push(await bench.deploy(source, { bundle }), await bench.deploy(source, { bundle, memoryMegabytes: 256 }));
    expect(arns.map((arn) => arn.at(-1))).to.deep.equal(['1', '1', '1', '2']);
  });

  it('says which bundle is missing', async () => {
    const arn = await deploy('', { bundle: { bucket: 'releases', key: 'bundles/gone.zip' } });
    const error = await bench.lambda.invoke(arn, '{}').catch((raised: Error) => raised);
    expect(error).to.include({ name: 'CodeStorageException' });
    expect((error as Error).message).to.contain('s3://releases/bundles/gone.zip');
  });

  it('leaves no process behind when it is closed, and takes no invocation any more', async () => {
    const arn = await deploy(`export const handler = async ({ hang }) => hang ? new Promise(() => {}) : process.pid;`);
    const { value: pid } = await invoke(arn);
    const pending = invoke(arn, { hang: true });
    await new Promise((resolve) => setImmediate(resolve));
    await bench.lambda.close();
    expect((await pending).value.errorType).to.equal('Runtime.ExitError');
    expect(() => process.kill(pid, 0)).to.throw('ESRCH');
    expect(await errorName(invoke(arn))).to.equal('ServiceException');
    expect(JSON.parse(readFileSync(bench.children, 'utf8'))).to.deep.equal([]);
  });
});
