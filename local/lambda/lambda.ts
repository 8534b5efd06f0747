import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../aws/aws-error';
import type { ObjectStore } from '../aws/object-store';
import { unpackZip } from '../aws/unpack-zip';
import type { ChildLedger } from '../child-ledger';
import { createEnvironmentPool, type EnvironmentPool } from './environment-pool';
import { openExecutionEnvironment } from './execution-environment';
import { openFunctionLog } from './function-log';
import { lambdaVariables } from './function-variables';
import type { FunctionVersion, FunctionVersions } from './function-versions';
import { startRuntimeProcess } from './runtime-process';

/** What an invocation gives. `payload` is JSON: the output, or the serialised error when there is a function error. */
export type InvokeAnswer = {
  readonly executedVersion: string;
  readonly functionError: 'Unhandled' | undefined;
  readonly payload: string;
  readonly requestId: string;
};

export type Lambda = {
  /** `reference` is a qualified ARN, or `name:version`. Throws AWS's exceptions by name; a failing function is an answer. */
  readonly invoke: (reference: string, payload: string) => Promise<InvokeAnswer>;
  /** Throws what `invoke` would throw before it begins. */
  readonly check: (reference: string) => void;
  readonly logFile: (functionName: string) => string;
  readonly close: () => Promise<void>;
};

export type LambdaOptions = {
  readonly folder: string;
  readonly region: string;
  readonly searchPath: string;
  /** How many invocations of one version may run at once on this machine; further ones wait. */
  readonly mostAtOnce?: number;
};

export type LambdaDeps = {
  readonly objects: ObjectStore;
  readonly versions: FunctionVersions;
  readonly children: ChildLedger;
  /** Credentials of a role, the endpoint, and what this machine overlays. */
  readonly variablesOf: (version: FunctionVersion) => Readonly<Record<string, string>>;
};

/** Lambda's limit for request and response. */
const MOST_BYTES = 6 * 1024 * 1024;
const MOST_AT_ONCE = 8;

const parseReference = (reference: string): { readonly name: string; readonly number: string } => {
  const [, name = '', number = ''] =
    /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:)?([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9$_-]+))?$/.exec(reference) ??
    [];
  if (!name)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint`,
    );
  return { name, number };
};

const tooLarge = (payload: string): void => {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MOST_BYTES)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${MOST_BYTES} bytes for the InvokeFunction operation`,
      413,
    );
};

const responseTooLarge = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MOST_BYTES} bytes).`,
};

/** The folder with the code of a version, unpacked once per bundle. */
const unpackBundle = (version: FunctionVersion, folder: string, objects: ObjectStore): string => {
  const { bucket, key } = version.bundle;
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

/** Lambda on one machine: versions only, each in processes of its own that are started when they are first needed. */
export const createLambda = (options: LambdaOptions, deps: LambdaDeps): Lambda => {
  const { folder, region, searchPath, mostAtOnce = MOST_AT_ONCE } = options;
  const { objects, versions, children, variablesOf } = deps;
  const pools = new Map<string, EnvironmentPool>();
  const logFile = (name: string): string => join(folder, 'logs', `${name}.log`);

  const poolOf = (version: FunctionVersion, number: string): EnvironmentPool => {
    const key = `${version.name}:${number}`;
    const existing = pools.get(key);
    if (existing) return existing;
    const taskRoot = unpackBundle(version, folder, objects);
    const log = openFunctionLog(logFile(version.name));
    const pool = createEnvironmentPool(mostAtOnce, () => {
      const logStream = `local/[${number}]${randomUUID().replaceAll('-', '')}`;
      const variables = {
        ...version.environment,
        ...lambdaVariables(version, { number, region, logStream, taskRoot, searchPath }),
        ...variablesOf(version),
      };
      const { handler, memoryMegabytes } = version;
      const mark = `AWS_LAMBDA_LOG_STREAM_NAME=${logStream}`;
      const runtime = startRuntimeProcess({ taskRoot, handler, variables, memoryMegabytes }, { log, children, mark });
      return openExecutionEnvironment(runtime, log);
    });
    pools.set(key, pool);
    return pool;
  };

  const versionOf = (reference: string) => {
    const { name, number } = parseReference(reference);
    if (number === '' && versions.has(name))
      throw new AwsError(
        'InvalidParameterValueException',
        `Only versions can be invoked here: ${name} has no $LATEST on this machine. Use a qualified ARN.`,
      );
    const version = versions.find(name, number);
    if (!version) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    return { version, number };
  };

  return {
    invoke: async (reference, payload) => {
      const { version, number } = versionOf(reference);
      tooLarge(payload);
      const requestId = randomUUID();
      const outcome = await poolOf(version, number).use((environment) =>
        environment.invoke({ requestId, event: payload, arn: reference }, version.timeoutSeconds),
      );
      const answered =
        'output' in outcome && Buffer.byteLength(outcome.output) > MOST_BYTES ? { error: responseTooLarge } : outcome;
      return {
        executedVersion: number,
        requestId,
        ...('output' in answered
          ? { functionError: undefined, payload: answered.output }
          : { functionError: 'Unhandled' as const, payload: JSON.stringify(answered.error) }),
      };
    },
    check: (reference) => {
      versionOf(reference);
    },
    logFile,
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
};
