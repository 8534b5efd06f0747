import { join } from 'node:path';
import { type Names, namesOf, stackKinds } from '../config/naming';
import type { Environment } from '../config/schema';
import { systemClock } from './asl/clock';
import type { Engine } from './asl/engine';
import { createStatesApi } from './asl/states-api';
import type { ObjectStore } from './aws/object-store';
import { createParameterStore } from './aws/parameter-store';
import type { RoleKey } from './aws/role-credentials';
import { createSecretsManager } from './aws/secrets-manager';
import type { JsonService } from './aws/service';
import type { Sqs } from './aws/sqs';
import type { StoredValues } from './aws/stored-values';
import { type Closers, createClosers } from './cloud/closers';
import { type Compute, openCompute } from './cloud/compute';
import { openGround } from './cloud/ground';
import { createIdentities } from './cloud/identities';
import type { LocalCloudOptions, Variables } from './cloud/options';
import type { Site } from './cloud/site';
import { openObjects, openStores, type Stores } from './cloud/stores';
import type { BuildStatus } from './codebuild/build-record';
import type { Builds } from './codebuild/builds';
import { createCodeBuildApi } from './codebuild/codebuild-api';
import { openFunctionVersions } from './lambda/function-versions';
import { createLambdaApi } from './lambda/lambda-api';
import { deployMachine } from './stacks/deploy-machine';
import { describeDeposits, describeEnvironment } from './stacks/describe-environment';
import { readStacks } from './stacks/terraform-json';

/** One build as a report shows it. */
export type BuildLog = {
  readonly id: string;
  readonly project: string;
  readonly status: BuildStatus;
  readonly logFile: string;
  readonly startedAt: string;
};

export type LocalCloud = {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly engine: Engine;
  readonly objects: ObjectStore;
  readonly secrets: StoredValues;
  readonly parameters: StoredValues;
  readonly queue: Sqs;
  readonly deadLetterQueueUrl: string;
  readonly environment: Environment;
  /** The id of the release that the stacks hold. */
  readonly release: string;
  readonly names: Names;
  readonly liveAliasArn: string;
  /** Every build so far, oldest first. */
  readonly builds: readonly BuildLog[];
  /** The file that gets everything that the function prints. */
  readonly functionLog: (functionName: string) => string;
  /** Variables that let a process act as a role: the name of one of the stacks' roles, or `operator`. */
  readonly credentialsFor: (role: string) => Variables;
  /** The key of the person at the keyboard. */
  readonly operator: RoleKey;
  /** Starts the functions of the pipeline ahead of their first use, as provisioned concurrency does. */
  readonly warm: () => void;
  /** Stops executions and builds, ends every child, closes the ports. */
  readonly close: () => Promise<void>;
};

const statesService = (engine: Engine): JsonService => ({
  targetPrefix: 'AWSStepFunctions',
  contentType: 'application/x-amz-json-1.0',
  handle: createStatesApi(engine),
});

const servicesOf = ({ home, description }: Site, stores: Stores, { engine, builds }: Compute): JsonService[] => [
  createSecretsManager(stores.secrets, { secrets: description.secrets, home }),
  createParameterStore(stores.parameters, home),
  stores.queue,
  statesService(engine),
  createCodeBuildApi(builds),
];

const buildLogs = (builds: Builds): readonly BuildLog[] =>
  builds.list().map(({ id, project, status, start }) => ({
    id,
    project,
    status,
    logFile: builds.logFile(id),
    startedAt: new Date(start).toISOString(),
  }));

/** Reads the stacks, puts what they upload into its buckets, and resolves everything else to what is there. */
const surveySite = async (options: LocalCloudOptions, url: string) => {
  const { environment, stateFolder, stacksFolder, now = () => new Date() } = options;
  const home = { region: environment.region, accountId: environment.account };
  const names = namesOf(environment);
  const stacks = readStacks(stacksFolder, stackKinds.map(names.stack));
  const objects = await openObjects(options, describeDeposits(stacks, home), now);
  const versions = openFunctionVersions(join(stateFolder, 'lambda', 'versions.json'));
  const description = describeEnvironment(stacks, {
    home,
    url,
    functionVersion: versions.publish,
    objectVersion: (bucket, key) => objects.find(bucket, key)?.versionId,
  });
  const site: Site = { ...options, url, home, names, description, clock: { ...systemClock, now } };
  return { site, versions, objects };
};

const functionsIn = (definition: string): readonly string[] => [
  ...new Set([...definition.matchAll(/"FunctionName":\s*"([^"]+)"/g)].map(([, arn = '']) => arn)),
];

const open = async (options: LocalCloudOptions, closers: Closers): Promise<LocalCloud> => {
  const { dynamoDb, endpoints, children } = await openGround(options.stateFolder, options.port ?? 0, closers);
  const { site, versions, objects } = await surveySite(options, endpoints.url);
  const stores = await openStores(site, objects, dynamoDb);
  const identities = createIdentities(site);
  const compute = openCompute(site, { stores, identities, versions, children, closers });
  const { names, home, description, environment } = site;
  const liveAliasArn = deployMachine(description.pipeline, home, compute.engine);
  endpoints.serve({
    credentials: identities.known,
    services: servicesOf(site, stores, compute),
    rest: [createLambdaApi(compute.lambda)],
    objects,
    account: home.accountId,
    dynamoDb,
  });
  return {
    ...stores,
    url: site.url,
    engine: compute.engine,
    environment,
    release: description.pipeline.release,
    names,
    liveAliasArn,
    deadLetterQueueUrl: description.queues.find(({ name }) => name === names.deadLetterQueue)?.url ?? '',
    get builds() {
      return buildLogs(compute.builds);
    },
    functionLog: compute.lambda.logFile,
    warm: () => compute.lambda.warm(functionsIn(compute.engine.machines.target(liveAliasArn).definition)),
    credentialsFor: identities.variablesFor,
    operator: identities.operator,
    close: closers.closeAll,
  };
};

/**
 * AWS on this machine, as the synthesized stacks of one environment describe it. Its state lies in `stateFolder` and outlives the process,
 * however that ends: what ran is then ABORTED (executions) or FAULT (builds), its processes are gone, everything else is as it was.
 */
export const startLocalCloud = async (options: LocalCloudOptions): Promise<LocalCloud> => {
  const closers = createClosers();
  try {
    return await open(options, closers);
  } catch (error) {
    await closers.closeAll().catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
};
