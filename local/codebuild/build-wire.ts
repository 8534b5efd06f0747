import type { BuildRecord, PhaseRecord } from './build-record';

const whole = (milliseconds: number): number => Math.floor(milliseconds / 1000);

const phaseOf = ({ type, status, start, end, contexts }: PhaseRecord) => ({
  phaseType: type,
  startTime: new Date(start),
  ...(status === undefined ? {} : { phaseStatus: status }),
  ...(end === undefined ? {} : { endTime: new Date(end), durationInSeconds: whole(end - start) }),
  ...(contexts.length > 0 ? { contexts } : {}),
});

/** A build as BatchGetBuilds shows it. The log is a file of this machine. */
export const buildOnTheWire = (record: BuildRecord, logFile: string) => ({
  id: record.id,
  arn: record.arn,
  buildNumber: record.number,
  startTime: new Date(record.start),
  ...(record.end === undefined ? {} : { endTime: new Date(record.end) }),
  currentPhase: record.phases.at(-1)?.type ?? 'SUBMITTED',
  buildStatus: record.status,
  ...(record.sourceVersion === undefined ? {} : { sourceVersion: record.sourceVersion }),
  ...(record.resolvedSourceVersion === undefined ? {} : { resolvedSourceVersion: record.resolvedSourceVersion }),
  projectName: record.project,
  phases: record.phases.map(phaseOf),
  source: { type: record.source.type, location: record.source.location, buildspec: record.source.buildspec },
  secondarySources: [],
  secondarySourceVersions: [],
  artifacts: { location: '' },
  cache: { type: 'NO_CACHE' },
  environment: { ...record.environment, environmentVariables: record.variables, privilegedMode: false },
  serviceRole: record.role,
  logs: {
    groupName: `/aws/codebuild/${record.project}`,
    streamName: record.id.split(':').at(-1),
    deepLink: `file://${encodeURI(logFile)}`,
  },
  timeoutInMinutes: record.timeoutMinutes,
  queuedTimeoutInMinutes: record.queuedTimeoutMinutes,
  buildComplete: record.end !== undefined,
  initiator: record.initiator,
  encryptionKey: record.encryptionKey,
  exportedEnvironmentVariables: record.exported,
  reportArns: [],
});
