import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../asl/arns';
import type { Clock } from '../asl/clock';
import { AwsError } from '../aws/aws-error';
import type { ProjectDescription } from '../stacks/projects';
import { createBuildCourse } from './build-course';
import { openBuildLog } from './build-log';
import { createBuildQueue } from './build-queue';
import type { BuildRecord, BuildStore } from './build-record';
import { newBuild, type StartBuild } from './new-build';
import { type Interruption, type RunBuildDeps, runBuild } from './run-build';

export type Builds = {
  /** Begins a build, or queues it. Throws AWS's exceptions by name. */
  readonly start: (request: StartBuild, initiator: string) => BuildRecord;
  readonly find: (id: string) => BuildRecord | undefined;
  readonly list: () => readonly BuildRecord[];
  /** Ends a build from outside; one that has ended already stays as it is. */
  readonly stop: (id: string) => BuildRecord;
  readonly waitForEnd: (id: string) => Promise<BuildRecord>;
  readonly logFile: (id: string) => string;
  /** To be called at start-up: what an earlier process left running becomes FAULT. Gives the builds it found. */
  readonly recover: () => readonly BuildRecord[];
  readonly close: () => Promise<void>;
};

export type BuildsOptions = {
  readonly home: Home;
  readonly projects: readonly ProjectDescription[];
  /** How many builds run at once; further ones wait in the order of their start. */
  readonly slots: number;
};

export type BuildsDeps = Pick<
  RunBuildDeps,
  'objects' | 'stored' | 'children' | 'region' | 'searchPath' | 'variablesOf'
> & { readonly store: BuildStore; readonly clock: Clock };

const stopped: Interruption = {
  status: 'STOPPED',
  context: { statusCode: 'BUILD_STOPPED', message: 'Build has been stopped by user' },
};
const timedOut: Interruption = {
  status: 'TIMED_OUT',
  context: { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out.' },
};

type Running = { readonly interrupt: AbortController; readonly ended: Promise<BuildRecord> };

/** CodeBuild on one machine: real processes, one folder per build. */
export const createBuilds = ({ home, projects, slots }: BuildsOptions, deps: BuildsDeps): Builds => {
  const { store, clock } = deps;
  const queue = createBuildQueue(slots);
  const running = new Map<string, Running>();
  const now = clock.now;

  const find = (id: string): BuildRecord => {
    const found = store.find(id);
    if (!found) throw new AwsError('ResourceNotFoundException', `The build ${id} does not exist.`);
    return found;
  };
  const logFile = (id: string): string => join(store.folderOf(id), 'log.txt');

  const startTimer = (minutes: number, interrupt: AbortController, over: AbortSignal): void => {
    clock.sleep(minutes * 60_000, AbortSignal.any([interrupt.signal, over])).then(
      () => interrupt.abort(timedOut),
      () => undefined,
    );
  };

  const run = async (record: BuildRecord, interrupt: AbortController): Promise<BuildRecord> => {
    const course = createBuildCourse(record.id, { store, now });
    const { signal } = interrupt;
    const queued = new AbortController();
    course.enter('QUEUED');
    startTimer(record.queuedTimeoutMinutes, interrupt, queued.signal);
    const turn = await queue.enter(signal);
    queued.abort();
    if (!turn) {
      const { status, context } = signal.reason as Interruption;
      course.leave(status, [context]);
      course.complete(status);
      return find(record.id);
    }
    course.leave('SUCCEEDED');
    const over = new AbortController();
    startTimer(record.timeoutMinutes, interrupt, over.signal);
    const log = openBuildLog(logFile(record.id), now);
    await runBuild(join(store.folderOf(record.id), 'work'), { ...deps, course, log, signal });
    over.abort();
    log.close();
    turn.leave();
    return find(record.id);
  };

  const start: Builds['start'] = (request, initiator) => {
    const project = projects.find(({ name }) => name === request.projectName);
    if (!project) throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${request.projectName}`);
    const siblings = store.list().filter(({ project: name }) => name === project.name);
    const active = siblings.filter(({ status }) => status === 'IN_PROGRESS').length;
    if (project.concurrentBuildLimit !== undefined && active >= project.concurrentBuildLimit)
      throw new AwsError(
        'AccountLimitExceededException',
        `Cannot have more than ${project.concurrentBuildLimit} active builds for the project`,
      );
    const record = store.save(
      newBuild(project, request, {
        uuid: randomUUID(),
        arnPrefix: `arn:aws:codebuild:${home.region}:${home.accountId}`,
        number: Math.max(0, ...siblings.map(({ number }) => number)) + 1,
        initiator,
        at: now().getTime(),
      }),
    );
    const interrupt = new AbortController();
    const ended = run(record, interrupt)
      .catch((error: unknown) => failed(record, error)) // a full disk: the build is over even if nobody can write that down
      .finally(() => running.delete(record.id));
    running.set(record.id, { interrupt, ended });
    return record;
  };

  return {
    start,
    find: store.find,
    list: store.list,
    stop: (id) => {
      const record = find(id);
      running.get(id)?.interrupt.abort(stopped);
      return record;
    },
    waitForEnd: async (id) => (await running.get(id)?.ended) ?? find(id),
    logFile,
    recover: () =>
      store
        .list()
        .filter(({ id, status }) => status === 'IN_PROGRESS' && !running.has(id))
        .map(({ id }) => recoverBuild(id, deps)),
    close: async () => {
      const ends = [...running.values()].map(({ interrupt, ended }) => {
        interrupt.abort(stopped);
        return ended;
      });
      await Promise.all(ends);
    },
  };
};

const failed = (record: BuildRecord, error: unknown): BuildRecord => {
  const at = record.start;
  const contexts = [{ statusCode: 'INTERNAL_SERVICE_ERROR', message: (error as Error).message }];
  return { ...record, status: 'FAULT', end: at, phases: [{ type: 'COMPLETED', start: at, contexts }] };
};

/** Closes the book of a build whose runner is gone. Its processes have been ended by the ledger of children. */
const recoverBuild = (id: string, { store, clock }: BuildsDeps): BuildRecord => {
  const course = createBuildCourse(id, { store, now: clock.now });
  course.leave('FAULT', [
    {
      statusCode: 'INTERNAL_SERVICE_ERROR',
      message: 'The process that ran this build ended before the build did.',
    },
  ]);
  course.complete('FAULT');
  rmSync(join(store.folderOf(id), 'work'), { recursive: true, force: true });
  return course.record();
};
