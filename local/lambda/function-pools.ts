import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../aws/aws-error';
import type { ObjectStore } from '../aws/object-store';
import { unpackZip } from '../aws/unpack-zip';
import type { ChildLedger } from '../child-ledger';
import { createEnvironmentPool, type EnvironmentPool } from './environment-pool';
import { openExecutionEnvironment } from './execution-environment';
import type { FoundVersion } from './find-version';
import { type FunctionLog, openFunctionLog } from './function-log';
import { lambdaVariables } from './function-variables';
import type { FunctionVersion } from './function-versions';
import { startRuntimeProcess } from './runtime-process';

export type PoolsOptions = {
  readonly folder: string;
  readonly region: string;
  readonly searchPath: string;
  /** How many invocations of one version may run at once on this machine; further ones wait. */
  readonly mostAtOnce?: number;
};

export type PoolsDeps = {
  readonly objects: ObjectStore;
  readonly children: ChildLedger;
  /** Credentials of a role, the endpoint, and what this machine overlays. */
  readonly variablesOf: (version: FunctionVersion) => Readonly<Record<string, string>>;
};

export type FunctionPools = {
  readonly of: (found: FoundVersion) => EnvironmentPool;
  readonly close: () => Promise<void>;
};

const MOST_AT_ONCE = 8;

export const functionLogFile = (folder: string, name: string): string => join(folder, 'logs', `${name}.log`);

/** The folder with the code of a version, unpacked once per bundle. */
const unpackBundle = ({ bundle }: FunctionVersion, folder: string, objects: ObjectStore): string => {
  const { bucket, key } = bundle;
  const object = objects.find(bucket, key);
  if (!object) throw new AwsError('CodeStorageException', `The bundle s3://${bucket}/${key} does not exist.`, 502);
  const taskRoot = join(folder, 'code', object.sha256);
  if (existsSync(taskRoot)) return taskRoot;
  const draft = `${taskRoot}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  unpackZip(readFileSync(object.path), draft);
  renameSync(draft, taskRoot); // whole, or not there
  return taskRoot;
};

const openEnvironment = (
  { version, number }: FoundVersion,
  taskRoot: string,
  log: FunctionLog,
  { region, searchPath }: PoolsOptions,
  { children, variablesOf }: PoolsDeps,
) => {
  const { name, handler, memoryMegabytes } = version;
  const logStream = `local/[${number}]${randomUUID().replaceAll('-', '')}`;
  const given = lambdaVariables(version, { number, region, logStream, taskRoot, searchPath });
  const context = {
    functionName: name,
    functionVersion: number,
    memoryLimitInMB: String(memoryMegabytes),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: logStream,
  };
  const variables = { ...version.environment, ...given, ...variablesOf(version) };
  const mark = `AWS_LAMBDA_LOG_STREAM_NAME=${logStream}`;
  const plan = { taskRoot, handler, context, variables, memoryMegabytes };
  return openExecutionEnvironment(startRuntimeProcess(plan, { log, children, mark }), log);
};

/** The processes of all functions, by version, started when they are first needed. */
export const createFunctionPools = (options: PoolsOptions, deps: PoolsDeps): FunctionPools => {
  const pools = new Map<string, EnvironmentPool>();
  return {
    of: (found) => {
      const { version, number } = found;
      const key = `${version.name}:${number}`;
      const existing = pools.get(key);
      if (existing) return existing;
      const taskRoot = unpackBundle(version, options.folder, deps.objects);
      const log = openFunctionLog(functionLogFile(options.folder, version.name));
      const pool = createEnvironmentPool(options.mostAtOnce ?? MOST_AT_ONCE, () =>
        openEnvironment(found, taskRoot, log, options, deps),
      );
      pools.set(key, pool);
      return pool;
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};
