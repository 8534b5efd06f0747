import { parse } from 'yaml';
import * as z from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const commands = z.array(z.string().min(1)).default([]);
const names = z.record(z.string(), text).default({});
const yesNo = z.union([z.boolean(), z.enum(['yes', 'no'])]);

const phaseSchema = z.strictObject({
  'run-as': z.string().optional(),
  // RETRY is a third one on AWS: it runs the whole build again. Here it is refused, not ignored.
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  'runtime-versions': z.record(z.string(), text).optional(),
  commands,
  finally: commands,
});
export type BuildPhase = z.infer<typeof phaseSchema>;

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');
const ignored = z.unknown().optional();

const buildspecSchema = z.strictObject({
  version: z.literal(0.2, 'must be 0.2'),
  'run-as': z.string().optional(),
  env: z
    .strictObject({
      shell: z.enum(['sh', 'bash']).default('sh'),
      variables: names,
      'parameter-store': names,
      'secrets-manager': names,
      'exported-variables': z.array(variableName).default([]),
      'git-credential-helper': yesNo.optional(),
    })
    .prefault({}),
  phases: z.strictObject({
    install: phaseSchema.prefault({}),
    pre_build: phaseSchema.prefault({}),
    build: phaseSchema.prefault({}),
    post_build: phaseSchema.prefault({}),
  }),
  proxy: ignored,
  batch: ignored,
  reports: ignored,
  artifacts: ignored,
  cache: ignored,
});

/** A buildspec of version 0.2 (CodeBuild user guide, "Build specification reference"). */
export type Buildspec = z.infer<typeof buildspecSchema>;

/** Throws an Error that says what is wrong and where. */
export const parseBuildspec = (source: string): Buildspec => {
  const parsed = buildspecSchema.safeParse(parse(source));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
};
