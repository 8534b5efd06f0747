import * as z from 'zod';
import type { BuildRecord } from '../codebuild/build-record';
import { buildOnTheWire } from '../codebuild/build-wire';
import type { Builds } from '../codebuild/builds';
import { startBuildSchema } from '../codebuild/new-build';
import { toCamelCase, toPascalCase } from './letter-case';
import { serviceFailure, taskFailure, unsupported } from './service-failure';

const names = { prefix: 'CodeBuild', service: 'AWSCodeBuild', unmodelled: 'AWSCodeBuildException' };

type Call = {
  readonly arguments: unknown;
  readonly initiator: string;
  readonly signal: AbortSignal;
  readonly submitted: (output: unknown) => void;
};

/**
 * `codebuild:startBuild.sync`: waits for the build, whose every unsuccessful end is States.TaskFailed with the build as cause. A task that is
 * stopped stops its build.
 */
export const runBuild = async (call: Call, builds: Builds): Promise<unknown> => {
  const show = (record: BuildRecord) => ({
    Build: toPascalCase(buildOnTheWire(record, builds.logFile(record.id))) as object,
  });
  const parsed = startBuildSchema.safeParse(toCamelCase(call.arguments));
  if (!parsed.success) throw unsupported(z.prettifyError(parsed.error));
  let record: BuildRecord;
  try {
    record = builds.start(parsed.data, call.initiator);
  } catch (error) {
    throw serviceFailure(error, names);
  }
  const stop = (): void => void builds.stop(record.id);
  call.signal.addEventListener('abort', stop, { once: true });
  if (call.signal.aborted) stop();
  call.submitted(show(record));
  const ended = await builds.waitForEnd(record.id).finally(() => call.signal.removeEventListener('abort', stop));
  const output = show(ended);
  if (ended.status !== 'SUCCEEDED') throw taskFailure('States.TaskFailed', JSON.stringify(output));
  return output;
};
