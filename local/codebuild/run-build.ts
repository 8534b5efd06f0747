import { chmodSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../aws/object-store';
import type { ChildLedger } from '../child-ledger';
import { type BuildCourse, noFault } from './build-course';
import type { BuildLog } from './build-log';
import type { BuildRecord, BuildStatus, PhaseContext } from './build-record';
import { codeBuildVariables, resolveVariables, type StoredVariables, type Variables } from './build-variables';
import type { Buildspec } from './buildspec';
import { downloadSource, PhaseFailure, readBuildspec } from './download-source';
import { createRunAs } from './run-as';
import { runPhases } from './run-phases';
import { makeWorkFolder } from './work-folder';

/** Why a build is ended from outside. */
export type Interruption = { readonly status: 'STOPPED' | 'TIMED_OUT'; readonly context: PhaseContext };

export type RunBuildDeps = {
  readonly course: BuildCourse;
  readonly log: BuildLog;
  readonly objects: ObjectStore;
  readonly stored: StoredVariables;
  readonly children: ChildLedger;
  readonly region: string;
  readonly searchPath: string;
  /** Credentials of the role, the endpoint, and what this machine overlays. */
  readonly variablesOf: (record: BuildRecord) => Variables;
  /** Aborted with an Interruption as its reason. */
  readonly signal: AbortSignal;
};

/** Between asking the processes of a stopped build to end and killing them. */
const GRACE_MS = 2000;

const prepare = (folder: string) => {
  const [source = '', home = '', tmp = '', shell = ''] = ['src', 'home', 'tmp', 'shell'].map((name) =>
    join(folder, name),
  );
  for (const each of [source, home, tmp, shell]) mkdirSync(each, { recursive: true });
  chmodSync(tmp, 0o1777); // as /tmp: an unprivileged build user writes here, too
  return { source, home, tmp, shell };
};

type Place = ReturnType<typeof prepare>;

const download = (place: Place, deps: RunBuildDeps) => {
  const { course, objects, log, stored } = deps;
  const resolvedSourceVersion = downloadSource(course.record(), place.source, objects);
  course.change({ resolvedSourceVersion });
  const buildspec = readBuildspec(course.record(), place.source);
  try {
    const { variables, secrets } = resolveVariables(course.record(), buildspec, stored);
    log.hide(secrets);
    return { buildspec, variables };
  } catch (error) {
    throw new PhaseFailure('CLIENT_ERROR', `An environment variable cannot be read: ${(error as Error).message}`);
  }
};

const execute = async (
  buildspec: Buildspec,
  variables: Variables,
  place: Place,
  deps: RunBuildDeps,
): Promise<BuildStatus> => {
  const { course, log, signal } = deps;
  const record = course.record();
  const all = {
    PATH: deps.searchPath,
    TMPDIR: place.tmp,
    ...variables,
    ...codeBuildVariables(record, { region: deps.region, sourceFolder: place.source, home: place.home }),
    ...deps.variablesOf(record),
  };
  const mark = `CODEBUILD_BUILD_ID=${record.id}`;
  const shell = createRunAs(
    { program: buildspec.env.shell, folder: place.shell, cwd: place.source, variables: all, mark },
    { children: deps.children, log },
  );
  const stop = (): void => void shell.end(GRACE_MS);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const succeeded = await runPhases(buildspec, { course, log, run: shell.run, signal });
    if (!signal.aborted) course.change({ exported: [...(await shell.read(buildspec.env['exported-variables']))] });
    return succeeded ? 'SUCCEEDED' : 'FAILED';
  } finally {
    signal.removeEventListener('abort', stop);
    await shell.end(signal.aborted ? GRACE_MS : 0);
  }
};

/** From PROVISIONING to the end of the commands. A phase that fails before the first command ends it. */
const proceed = async (deps: RunBuildDeps): Promise<BuildStatus> => {
  const { course: book, log, signal } = deps;
  book.enter('PROVISIONING');
  const folder = makeWorkFolder();
  book.change({ workFolder: folder });
  const place = prepare(folder);
  book.leave('SUCCEEDED');
  book.enter('DOWNLOAD_SOURCE');
  let source: ReturnType<typeof download>;
  try {
    source = download(place, deps);
  } catch (error) {
    if (!(error instanceof PhaseFailure)) throw error;
    log.say(`Phase context status code: ${error.context.statusCode} Message: ${error.message}`);
    book.leave('FAILED', [error.context]);
    return 'FAILED';
  }
  book.leave('SUCCEEDED', noFault);
  const status = await execute(source.buildspec, source.variables, place, deps);
  if (signal.aborted) return status;
  if (book.record().phases.at(-1)?.type === 'POST_BUILD') {
    book.enter('UPLOAD_ARTIFACTS'); // NO_ARTIFACTS: the programs store their results themselves
    book.leave('SUCCEEDED', noFault);
  }
  return status;
};

/** Runs one build to its end in a folder of its own, which is gone afterwards. Never throws: a fault of the runner is the status FAULT. */
export const runBuild = async (deps: RunBuildDeps): Promise<void> => {
  const { course: book, log, signal } = deps;
  let status: BuildStatus;
  try {
    status = await proceed(deps);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.say(`The runner failed: ${message}`);
    book.leave('FAULT', [{ statusCode: 'INTERNAL_SERVICE_ERROR', message }]);
    status = 'FAULT';
  }
  if (signal.aborted) {
    const { status: interrupted, context } = signal.reason as Interruption;
    log.say(context.message);
    book.leave(interrupted, [context]);
    status = interrupted;
  }
  const { workFolder } = book.record();
  if (workFolder)
    await rm(workFolder, { recursive: true, force: true, maxRetries: 3 }).catch((error: Error) =>
      log.say(error.message),
    );
  book.enter('FINALIZING');
  book.leave('SUCCEEDED', noFault);
  book.complete(status);
  log.say(`Build ended: ${status}`);
};
