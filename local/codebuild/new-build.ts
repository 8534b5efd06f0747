import * as z from 'zod';
import { AwsError } from '../aws/aws-error';
import { type ProjectDescription, variableTypes } from '../stacks/projects';
import type { BuildRecord, BuildVariable } from './build-record';

const minutes = (most: number) => z.number().int().min(5).max(most);

/** StartBuild as far as it is emulated; any other member is refused. */
export const startBuildSchema = z.strictObject({
  projectName: z.string(),
  sourceTypeOverride: z.enum(['S3', 'NO_SOURCE']).optional(),
  sourceLocationOverride: z.string().optional(),
  sourceVersion: z.string().optional(),
  buildspecOverride: z.string().optional(),
  environmentVariablesOverride: z
    .array(
      z.strictObject({ name: z.string().min(1), value: z.string(), type: z.enum(variableTypes).default('PLAINTEXT') }),
    )
    .default([]),
  timeoutInMinutesOverride: minutes(2160).optional(),
  queuedTimeoutInMinutesOverride: minutes(480).optional(),
});
export type StartBuild = z.infer<typeof startBuildSchema>;

/** Later lists win. */
const merge = (...lists: readonly (readonly BuildVariable[])[]): BuildVariable[] => [
  ...new Map(lists.flat().map((variable) => [variable.name, variable])).values(),
];

/** A build as it begins: the project with what StartBuild overrides. */
export const newBuild = (
  project: ProjectDescription,
  request: StartBuild,
  begin: {
    readonly uuid: string;
    readonly arnPrefix: string;
    readonly number: number;
    readonly initiator: string;
    readonly at: number;
  },
): BuildRecord => {
  const type = request.sourceTypeOverride ?? project.source.type;
  const location = request.sourceLocationOverride ?? project.source.location;
  if (type === 'S3' && !location.includes('/'))
    throw new AwsError(
      'InvalidInputException',
      `Invalid project source: location must be a valid S3 object path: ${location}`,
    );
  const id = `${project.name}:${begin.uuid}`;
  return {
    id,
    arn: `${begin.arnPrefix}:build/${id}`,
    number: begin.number,
    project: project.name,
    initiator: begin.initiator,
    status: 'IN_PROGRESS',
    start: begin.at,
    phases: [{ type: 'SUBMITTED', status: 'SUCCEEDED', start: begin.at, end: begin.at, contexts: [] }],
    source: { type, location, buildspec: request.buildspecOverride ?? project.source.buildspec },
    ...(request.sourceVersion === undefined ? {} : { sourceVersion: request.sourceVersion }),
    variables: merge(project.variables, request.environmentVariablesOverride),
    exported: [],
    role: project.role,
    encryptionKey: project.encryptionKey,
    environment: project.environment,
    timeoutMinutes: request.timeoutInMinutesOverride ?? project.timeoutMinutes,
    queuedTimeoutMinutes: request.queuedTimeoutInMinutesOverride ?? project.queuedTimeoutMinutes,
  };
};
