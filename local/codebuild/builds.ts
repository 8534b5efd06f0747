import { randomUUID } from 'node:crypto';
import type { Home } from '../asl/arns';
import { AwsError } from '../aws/aws-error';
import type { ProjectDescription } from '../stacks/projects';
import { createBuildCourse } from './build-course';
import { createBuildQueue } from './build-queue';
import type { BuildRecord, BuildStore } from './build-record';
import { newBuild, type StartBuild } from './new-build';
import type { Interruption } from './run-build';
import { logFileOf, type RunInTurnDeps, runInTurn } from './run-in-turn';
import { removeWorkFolder } from './work-folder';

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

export type BuildsDeps = Omit<RunInTurnDeps, 'queue'>;

const stopped: Interruption = {
  status: 'STOPPED',
  context: { statusCode: 'BUILD_STOPPED', message: 'Build has been stopped by user' },
};
type Running = { readonly interrupt: AbortController; readonly ended: Promise<BuildRecord> };

/** Throws what AWS throws when there is no such project, or no more builds of it may run. `siblings` are its builds so far. */
const admit = (
  name: string,
  projects: readonly ProjectDescription[],
  store: BuildStore,
): { readonly project: ProjectDescription; readonly number: number } => {
  const project = projects.find((candidate) => candidate.name === name);
  if (!project) throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${name}`);
  const siblings = store.list().filter((record) => record.project === name);
  const active = siblings.filter(({ status }) => status === 'IN_PROGRESS').length;
  const { concurrentBuildLimit: most } = project;
  if (most !== undefined && active >= most)
    throw new AwsError('AccountLimitExceededException', `Cannot have more than ${most} active builds for the project`);
  return { project, number: Math.max(0, ...siblings.map((record) => record.number)) + 1 };
};

/** CodeBuild on one machine: real processes, one folder per build. */
export const createBuilds = ({ home, projects, slots }: BuildsOptions, deps: BuildsDeps): Builds => {
  const { store, clock } = deps;
  const queue = createBuildQueue(slots);
  const running = new Map<string, Running>();
  const arnPrefix = `arn:aws:codebuild:${home.region}:${home.accountId}`;

  const find = (id: string): BuildRecord => {
    const found = store.find(id);
    if (!found) throw new AwsError('ResourceNotFoundException', `The build ${id} does not exist.`);
    return found;
  };

  const start: Builds['start'] = (request, initiator) => {
    const { project, number } = admit(request.projectName, projects, store);
    const at = clock.now().getTime();
    const record = store.save(newBuild(project, request, { uuid: randomUUID(), arnPrefix, number, initiator, at }));
    const interrupt = new AbortController();
    const ended = runInTurn(record, interrupt, { ...deps, queue })
      .catch((error: unknown) => endAsFault(record.id, (error as Error).message, deps))
      .finally(() => running.delete(record.id));
    ended.catch(() => undefined); // a full disk; whoever waits for the build is told
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
    logFile: (id) => logFileOf(id, store),
    recover: () =>
      store
        .list()
        .filter(({ id, status }) => status === 'IN_PROGRESS' && !running.has(id))
        .map(({ id }) => recoverBuild(id, deps)),
    close: async () => {
      const builds = [...running.values()];
      for (const { interrupt } of builds) interrupt.abort(stopped);
      await Promise.all(builds.map(({ ended }) => ended));
    },
  };
};

/** Closes the book of a build that nobody runs any more. */
const endAsFault = (id: string, message: string, { store, clock }: BuildsDeps): BuildRecord => {
  const course = createBuildCourse(id, { store, now: clock.now });
  course.leave('FAULT', [{ statusCode: 'INTERNAL_SERVICE_ERROR', message }]);
  course.complete('FAULT');
  return course.record();
};

/** The processes of such a build have been ended by the ledger of children. */
const recoverBuild = (id: string, deps: BuildsDeps): BuildRecord => {
  const { workFolder } = deps.store.find(id) ?? {};
  if (workFolder) removeWorkFolder(workFolder);
  return endAsFault(id, 'The process that ran this build ended before the build did.', deps);
};
