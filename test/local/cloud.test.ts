import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { DescribeStateMachineAliasCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect } from 'chai';
import { type LocalCloud, startLocalCloud } from '../../local/cloud';
import type { LocalCloudOptions } from '../../local/cloud/options';
import { temporaryFolder } from '../support/temporary-folder';
import { type BundleFiles, synthesizeStacks } from './stacks/support/synthesized';
import { smallItem, smallPipeline } from './support/small-pipeline';

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

describe('startLocalCloud', function () {
  this.timeout(60_000);
  const open: LocalCloud[] = [];
  afterEach(async () => {
    for (const cloud of open.splice(0)) await cloud.close();
  });
  const folder = temporaryFolder();

  const start = async (bundles: BundleFiles = smallPipeline('true'), more: Partial<LocalCloudOptions> = {}) => {
    const cloud = await startLocalCloud({
      ...synthesizeStacks(folder(), bundles),
      stateFolder: join(folder(), 'state'),
      searchPath: process.env.PATH ?? '',
      buildUser: 'somebody',
      variables: {
        functions: { GITHUB_API_URL: 'http://127.0.0.1:2' },
        git: { GITHUB_SERVER_URL: 'http://127.0.0.1:3' },
        builder: { AGENT_KIND: 'command', AGENT_COMMAND: 'agent' },
      },
      ...more,
    });
    open.push(cloud);
    return cloud;
  };
  const execute = async ({ engine, liveAliasArn }: LocalCloud, input: object) => {
    const { executionArn } = engine.startExecution({ stateMachineArn: liveAliasArn, input: JSON.stringify(input) });
    return engine.waitForEnd(executionArn);
  };
  const stateNames = (history: readonly HistoryEvent[]) =>
    history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

  it('runs the synthesized state machine with functions and builds from start to end', async () => {
    const cloud = await start(smallPipeline('echo "$MODE $GITHUB_SERVER_URL $AGENT_COMMAND $BUILD_USER $BRANCH_NAME"'));
    const { status, output } = await execute(cloud, { items: [smallItem] });
    expect(status).to.equal('SUCCEEDED');
    expect(JSON.parse(output ?? '')).to.deep.equal([
      { outcome: 'green', itemId: 'PVTI_1', summary: 'all is well', pullRequest: { number: 1 } },
    ]);
    const child = cloud.engine.executions().find(({ mapRunArn }) => mapRunArn !== undefined);
    expect(stateNames(cloud.engine.history(child?.executionArn ?? ''))).to.deep.equal([
      'AcquireLock',
      'LockAcquired',
      'AnnounceStart',
      'StillReady',
      'Checkout',
      'Build',
      'CoverageGate',
      'AnythingToPublish',
      'Publish',
      'RecordSpending',
      'UpdatePullRequest',
      'AgentFaulted',
      'ReleaseLock',
      'Done',
    ]);
    const said = cloud.builds.map(
      ({ logFile }) => /^(checkout|build|publish) .*$/m.exec(readFileSync(logFile, 'utf8'))?.[0],
    );
    expect(said).to.deep.equal([
      'checkout http://127.0.0.1:3   feature/a',
      'build  agent somebody feature/a',
      'publish http://127.0.0.1:3   feature/a',
    ]);
    expect(cloud.builds.map(({ project, status: end }) => [project, end])).to.deep.equal([
      [cloud.names.gitProject, 'SUCCEEDED'],
      [cloud.names.builderProject, 'SUCCEEDED'],
      [cloud.names.gitProject, 'SUCCEEDED'],
    ]);
  });

  it('sends a failed build to the dead-letter queue', async () => {
    const cloud = await start(smallPipeline('echo no such branch; exit 1'));
    const { status } = await execute(cloud, { items: [smallItem] });
    expect(status).to.equal('SUCCEEDED');
    const client = { endpoint: cloud.url, region: cloud.environment.region, credentials: cloud.operator };
    const queue = { QueueUrl: cloud.deadLetterQueueUrl };
    const { Messages } = await new SQSClient(client).send(new ReceiveMessageCommand(queue));
    const letter = JSON.parse(Messages?.[0]?.Body ?? '');
    expect(letter).to.include({
      step: 'Checkout',
      error: 'States.TaskFailed',
      environment: 'test',
      release: cloud.release,
    });
    expect(letter.cause).to.contain('COMMAND_EXECUTION_ERROR');
    expect(letter.item).to.deep.equal(smallItem);
  });

  it('gives functions the variables of the stack, the overlay, and keys with which they reach it', async () => {
    const cloud = await start();
    await execute(cloud, {});
    const [poll] = cloud.engine.executions();
    const succeeded = cloud.engine.history(poll?.executionArn ?? '').find(({ type }) => type === 'TaskSucceeded');
    const { Payload } = JSON.parse(succeeded?.taskSucceededEventDetails?.output ?? '');
    expect(Payload.environment).to.include({
      ENVIRONMENT: 'test',
      RELEASE: cloud.release,
      LOCKS_TABLE: cloud.names.locksTable,
      GITHUB_API_URL: 'http://127.0.0.1:2',
      AWS_ENDPOINT_URL: cloud.url,
      AWS_REGION: cloud.environment.region,
      ...cloud.credentialsFor(cloud.names.role('poll-work-items')),
    });
    expect(() => cloud.credentialsFor('nobody')).to.throw('no role nobody');
  });

  it('answers every SDK client of the operator', async () => {
    const cloud = await start();
    const { names } = cloud;
    const client = { endpoint: cloud.url, region: cloud.environment.region, credentials: cloud.operator };
    const tables = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    expect(tables.TableNames).to.have.members([names.locksTable, names.ledgerTable]);
    const objects = await new S3Client(client).send(new ListObjectsV2Command({ Bucket: names.releasesBucket }));
    expect(objects.Contents?.map(({ Key }) => Key)).to.include(names.workerBundleKey);
    const parameter = await new SSMClient(client).send(new GetParameterCommand({ Name: names.boardSettingsParameter }));
    expect(JSON.parse(parameter.Parameter?.Value ?? '')).to.have.property('repositories');
    const secret = await new SecretsManagerClient(client).send(
      new DescribeSecretCommand({ SecretId: names.secret('github-token') }),
    );
    expect(secret.Name).to.equal(names.secret('github-token'));
    const alias = await new SFNClient(client).send(
      new DescribeStateMachineAliasCommand({ stateMachineAliasArn: cloud.liveAliasArn }),
    );
    expect(alias.routingConfiguration).to.deep.equal([
      { stateMachineVersionArn: `${names.stateMachineArn}:1`, weight: 100 },
    ]);
    const builds = await new CodeBuildClient(client).send(new BatchGetBuildsCommand({ ids: ['none:1'] }));
    expect(builds.buildsNotFound).to.deep.equal(['none:1']);
    const invoked = await new LambdaClient(client).send(
      new InvokeCommand({ FunctionName: `${names.task('release-lock')}:1` }),
    );
    expect(Buffer.from(invoked.Payload ?? []).toString()).to.equal('{"outcome":"released"}');
  });

  it('lets builds read secrets and parameters that exist, and fails those that want others', async () => {
    const cloud = await start(smallPipeline('echo "${#TOKEN} ${#BOARD}"'));
    const { names } = cloud;
    cloud.secrets.put(names.secret('git-credentials'), 'twelve chars');
    const codebuild = new CodeBuildClient({
      endpoint: cloud.url,
      region: cloud.environment.region,
      credentials: cloud.operator,
    });
    const build = async (secret: string) => {
      const environmentVariablesOverride = [
        { name: 'TOKEN', value: secret, type: 'SECRETS_MANAGER' as const },
        { name: 'BOARD', value: names.boardSettingsParameter, type: 'PARAMETER_STORE' as const },
      ];
      const { build: started } = await codebuild.send(
        new StartBuildCommand({ projectName: names.gitProject, environmentVariablesOverride }),
      );
      while (cloud.builds.find(({ id }) => id === started?.id)?.status === 'IN_PROGRESS')
        await new Promise((resolve) => setTimeout(resolve, 5));
      return cloud.builds.find(({ id }) => id === started?.id);
    };
    const good = await build(names.secret('git-credentials'));
    expect(good?.status).to.equal('SUCCEEDED');
    const board = cloud.parameters.get(names.boardSettingsParameter)?.value ?? '';
    expect(readFileSync(good?.logFile ?? '', 'utf8')).to.contain(`\n12 ${board.length}\n`);
    const bad = await build(names.secret('kiro-api-key'));
    expect(bad?.status).to.equal('FAILED');
    expect(readFileSync(bad?.logFile ?? '', 'utf8')).to.contain(`there is no secret ${names.secret('kiro-api-key')}`);
  });

  it('keeps everything over a restart, on the same port, and publishes nothing that has not changed', async () => {
    const first = await start();
    const { executionArn } = await execute(first, {});
    await first.objects.put(first.names.artifactsBucket, 'kept', Buffer.from('x'));
    first.secrets.put(first.names.secret('github-token'), 'a token');
    first.parameters.put(first.names.boardSettingsParameter, '{"mine":1}');
    await first.close();
    const second = await start();
    expect(second.url).to.equal(first.url);
    expect(second.engine.execution(executionArn).status).to.equal('SUCCEEDED');
    expect(second.objects.readText(second.names.artifactsBucket, 'kept')).to.equal('x');
    expect(second.secrets.names(), 'what is secret is in no file').to.deep.equal([]);
    expect(second.parameters.get(second.names.boardSettingsParameter)?.value).to.equal('{"mine":1}');
    expect(second.engine.machines.find(second.names.stateMachineArn).versions).to.have.length(1);
  });

  it('publishes changed code as new versions, and keeps running the old ones where they are named', async () => {
    const first = await start();
    await first.close();
    const changed = smallPipeline('true');
    const release = { 'index.mjs': 'export const handler = async () => ({ outcome: "changed" });' };
    const second = await start({ ...changed, tasks: { ...changed.tasks, 'release-lock': release } });
    const versions = second.engine.machines.find(second.names.stateMachineArn).versions;
    const called = versions.map(({ definition }) => /release-lock:(\d+)"/.exec(definition)?.[1]);
    expect(called).to.deep.equal(['1', '2']);
    const client = { endpoint: second.url, region: second.environment.region, credentials: second.operator };
    const outcomes = [1, 2].map(async (number) => {
      const call = new InvokeCommand({ FunctionName: `${second.names.task('release-lock')}:${number}` });
      return JSON.parse(Buffer.from((await new LambdaClient(client).send(call)).Payload ?? []).toString()).outcome;
    });
    expect(await Promise.all(outcomes)).to.deep.equal(['released', 'changed']);
    expect(second.engine.machines.alias(second.liveAliasArn).routes[0]?.stateMachineVersionArn).to.match(/:2$/);
  });

  it('when it is closed stops executions and builds, and leaves no process and no port behind', async () => {
    const cloud = await start(smallPipeline('echo "pid $$"; echo ready; sleep 1000'));
    const { engine, liveAliasArn, url } = cloud;
    const input = JSON.stringify({ items: [smallItem] });
    const { executionArn } = engine.startExecution({ stateMachineArn: liveAliasArn, input });
    const logOf = () =>
      cloud.builds[0] ? readFileSync(cloud.builds[0].logFile, { encoding: 'utf8', flag: 'a+' }) : '';
    while (!logOf().includes('\nready')) await new Promise((resolve) => setTimeout(resolve, 10));
    await cloud.close();
    expect(engine.execution(executionArn)).to.include({ status: 'ABORTED', error: 'Local.Closed' });
    expect(cloud.builds.map(({ status }) => status)).to.deep.equal(['STOPPED']);
    expect(isGone(Number(/^pid (\d+)$/m.exec(logOf())?.[1]))).to.equal(true);
    expect(JSON.parse(readFileSync(join(folder(), 'state', 'children.json'), 'utf8'))).to.deep.equal([]);
    const answer = await fetch(url).catch((error: { cause?: { code?: string } }) => error.cause?.code);
    expect(answer).to.equal('ECONNREFUSED');
    await cloud.close();
  });

  it('after SIGKILL finds everything that was kept, and nothing that still runs', async () => {
    const commands = ['sleep 1000 & echo "pid $!"', 'echo "pid $$"; echo ready; sleep 1000'];
    const bundles = smallPipeline(...commands);
    synthesizeStacks(folder(), bundles);
    const child = spawn(process.execPath, [join(__dirname, 'support', 'killed-cloud.js'), folder()], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    await once(child.stdout, 'data');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');

    const left = JSON.parse(readFileSync(join(folder(), 'state', 'children.json'), 'utf8')) as { pid: number }[];
    const cloud = await start(bundles);
    const executions = cloud.engine.executions();
    expect(executions.map(({ status }) => status)).to.deep.equal(['ABORTED', 'ABORTED']);
    expect(cloud.engine.mapRuns().map(({ status }) => status)).to.deep.equal(['ABORTED']);
    expect(cloud.builds.map(({ status }) => status)).to.deep.equal(['FAULT']);
    const log = readFileSync(cloud.builds[0]?.logFile ?? '', 'utf8');
    const pids = [...log.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));
    expect(pids).to.have.length(2);
    expect(left.length).to.be.greaterThan(1);
    // A killed process is gone once its parent, which is no longer ours, has taken note.
    while (![...pids, ...left.map(({ pid }) => pid)].every(isGone))
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(cloud.objects.readText(cloud.names.artifactsBucket, 'kept')).to.equal('an object');
    const letters = await cloud.queue.handle('ReceiveMessage', { QueueUrl: cloud.deadLetterQueueUrl }, 'operator');
    expect(letters).to.have.nested.property('Messages[0].Body', 'a letter');
    expect((await execute(cloud, {})).status).to.equal('SUCCEEDED');
  });

  it('lets no other user of the machine see what it keeps', async () => {
    const cloud = await start();
    cloud.queue.send(cloud.deadLetterQueueUrl, 'a letter');
    const open = ['s3', 'states', 'dynamodb', 'lambda', 'parameters.json', 'sqs.json'].filter(
      (name) => (statSync(join(folder(), 'state', name)).mode & 0o077) !== 0,
    );
    expect(open).to.deep.equal([]);
  });

  it('begins anew with tables whose creation was killed', async () => {
    const tables = join(folder(), 'state', 'dynamodb');
    mkdirSync(tables, { recursive: true });
    writeFileSync(join(tables, 'CURRENT'), 'half a table');
    const cloud = await start();
    expect((await execute(cloud, {})).status).to.equal('SUCCEEDED');
  });

  it('refuses a folder that another one uses, and a port that is taken', async () => {
    const cloud = await start();
    const second = await start().catch((error: Error) => error);
    expect(second).to.include({ name: 'StateInUse' });
    const port = Number(new URL(cloud.url).port);
    const other = { stateFolder: join(folder(), 'other') };
    const taken = await start(undefined, { ...other, port }).catch((error: Error) => error);
    expect(taken).to.include({ name: 'PortInUse' });
    await start(undefined, other); // nothing of the refused one is left
  });

  it('takes another port when that of the last run is taken by now', async () => {
    const first = await start();
    await first.close();
    const { createServer } = await import('node:http');
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    squatter.close();
    expect(second.url).not.to.equal(first.url);
    expect(second.deadLetterQueueUrl.startsWith(second.url)).to.equal(true);
  });

  it('says which bundle is missing or wrong, and can be started once it is there', async () => {
    const stacks = synthesizeStacks(folder(), smallPipeline('true'));
    rmSync(join(stacks.bundlesFolder, 'worker.zip'));
    const options = {
      ...stacks,
      stateFolder: join(folder(), 'state'),
      searchPath: '',
      buildUser: '',
      variables: { functions: {}, git: {}, builder: {} },
    };
    const missing = await startLocalCloud(options).catch((error: Error) => error);
    expect(missing).to.include({ name: 'BuildOutputMissing' });
    expect((missing as Error).message).to.match(/worker\.zip does not exist/);
    synthesizeStacks(join(folder(), 'elsewhere'), smallPipeline('false'));
    const wrong = await startLocalCloud({
      ...options,
      bundlesFolder: join(folder(), 'elsewhere', 'bundles'),
    }).catch((error: Error) => error);
    expect((wrong as Error).message).to.contain('is not the bundle that the stacks were synthesized for');
    await start();
  });
});
