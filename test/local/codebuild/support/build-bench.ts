import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { type Clock, systemClock } from '../../../../local/asl/clock';
import { createObjectStore } from '../../../../local/aws/object-store';
import { openChildLedger } from '../../../../local/child-ledger';
import { type BuildRecord, openBuildStore } from '../../../../local/codebuild/build-record';
import { type Builds, createBuilds } from '../../../../local/codebuild/builds';
import type { StartBuild } from '../../../../local/codebuild/new-build';
import type { ProjectDescription } from '../../../../local/stacks/projects';

export const home = { region: 'eu-west-1', accountId: '123456789012' };

export const project = (changes: Partial<ProjectDescription> = {}): ProjectDescription => ({
  name: 'project',
  role: 'arn:aws:iam::123456789012:role/build',
  encryptionKey: 'arn:aws:kms:eu-west-1:123456789012:key/k',
  timeoutMinutes: 60,
  queuedTimeoutMinutes: 60,
  concurrentBuildLimit: undefined,
  source: { type: 'S3', location: 'releases/worker.zip', buildspec: '' },
  environment: { type: 'ARM_CONTAINER', image: 'standard:3.0', computeType: 'BUILD_GENERAL1_SMALL' },
  variables: [],
  ...changes,
});

export type BuildBench = ReturnType<typeof openBuildBench>;

/** CodeBuild on a folder, with one project unless others are given. */
export const openBuildBench = (
  folder: string,
  options: {
    readonly projects?: readonly ProjectDescription[];
    readonly slots?: number;
    readonly clock?: Clock;
    readonly overlay?: Readonly<Record<string, string>>;
  } = {},
) => {
  const objects = createObjectStore(join(folder, 's3'), { buckets: ['releases'], now: () => new Date() });
  const children = openChildLedger(join(folder, 'children.json'));
  const values = new Map([
    ['token', 'top-secret'],
    ['pair', '{"user":"ada","password":"pass-word"}'],
    ['/board', 'settings'],
  ]);
  const stored = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`there is no ${name}`);
    return value;
  };
  const builds: Builds = createBuilds(
    { home, projects: options.projects ?? [project()], slots: options.slots ?? 2 },
    {
      store: openBuildStore(join(folder, 'builds')),
      clock: options.clock ?? systemClock,
      objects,
      stored: { secret: stored, parameter: stored },
      children,
      region: home.region,
      searchPath: process.env.PATH ?? '',
      variablesOf: () => ({ AWS_ACCESS_KEY_ID: 'key', ...options.overlay }),
    },
  );
  const start = (request: Partial<StartBuild> = {}): BuildRecord =>
    builds.start({ projectName: 'project', environmentVariablesOverride: [], ...request }, 'tester');
  const putSource = (files: Readonly<Record<string, string>>) =>
    objects.put(
      'releases',
      'worker.zip',
      Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))),
    );
  return {
    folder,
    builds,
    children,
    start,
    putSource,
    log: (id: string): string => readFileSync(builds.logFile(id), 'utf8'),
    /** Puts a buildspec as the source, runs it to its end and gives record and log. */
    run: async (buildspec: string, request: Partial<StartBuild> = {}, files: Readonly<Record<string, string>> = {}) => {
      await putSource({ 'buildspec.yml': buildspec, ...files });
      const record = await builds.waitForEnd(start(request).id);
      return { record, log: readFileSync(builds.logFile(record.id), 'utf8') };
    },
  };
};

/** Phase and status of each phase, as `BUILD FAILED`. */
export const course = ({ phases }: BuildRecord): readonly string[] =>
  phases.map(({ type, status }) => `${type} ${status ?? ''}`.trim());

/** A buildspec with these commands in its build phase. */
export const building = (...commands: readonly string[]): string =>
  JSON.stringify({ version: 0.2, phases: { build: { commands } } });

/** What the commands have printed, without the runner's own lines. */
export const printed = (log: string): readonly string[] =>
  log.split('\n').filter((line) => line !== '' && !line.startsWith('[Container]'));
