import * as z from 'zod';
import { AwsError } from '../aws/aws-error';
import { serviceOf } from '../aws/operations';
import type { JsonService } from '../aws/service';
import type { BuildRecord } from './build-record';
import { buildOnTheWire } from './build-wire';
import type { Builds } from './builds';
import { startBuildSchema } from './new-build';

const idSchema = z.object({ id: z.string() });
const idsSchema = z.object({ ids: z.array(z.string()).min(1).max(100) });

const parse = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
};

/** CodeBuild's API as far as the product uses it. */
export const createCodeBuildApi = (builds: Builds): JsonService => {
  const wire = (record: BuildRecord) => buildOnTheWire(record, builds.logFile(record.id));
  return serviceOf(
    'codebuild',
    { targetPrefix: 'CodeBuild_20161006', contentType: 'application/x-amz-json-1.1' },
    {
      StartBuild: (input, role) => ({ build: wire(builds.start(parse(startBuildSchema, input), role)) }),
      StopBuild: (input) => ({ build: wire(builds.stop(parse(idSchema, input).id)) }),
      BatchGetBuilds: (input) => {
        const { ids } = parse(idsSchema, input);
        const found = ids.map((id) => builds.find(id));
        return {
          builds: found.flatMap((record) => (record ? [wire(record)] : [])),
          buildsNotFound: ids.filter((_, index) => !found[index]),
        };
      },
    },
  );
};
