import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { WorkerError } from '../../domain/errors';

const blocks = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

/** The parts of Terraform's JSON syntax that describe resources; a stack of CDKTF is such a file. */
const stackSchema = z.object({
  terraform: z.object({ backend: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) }),
  resource: blocks.default({}),
  data: blocks.default({}),
  output: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
});

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.object({ name: z.string(), synthesizedStackPath: z.string() })),
});

export type Stack = z.infer<typeof stackSchema> & { readonly name: string };

/** One resource as written: `values` still hold tokens. */
export type Resource = {
  readonly stack: Stack;
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
};

const readJson = <T>(file: string, schema: z.ZodType<T>): T => {
  if (!existsSync(file))
    throw new WorkerError('BuildOutputMissing', `${file} does not exist.`, 'Synthesize the stacks: npm run synth.');
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new WorkerError(
      'BuildOutputMissing',
      `${file} is not what CDKTF writes: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`,
      'Synthesize the stacks again: npm run synth.',
    );
  }
};

/** Reads the stacks called `names` out of a folder of synthesized stacks (cdktf.out). */
export const readStacks = (folder: string, names: readonly string[]): readonly Stack[] => {
  const { stacks } = readJson(join(folder, 'manifest.json'), manifestSchema);
  return names.map((name) => {
    const listed = Object.values(stacks).find((stack) => stack.name === name);
    if (!listed)
      throw new WorkerError(
        'BuildOutputMissing',
        `${folder} has no stack ${name}.`,
        'Synthesize the stacks again: npm run synth.',
      );
    return { ...readJson(join(folder, listed.synthesizedStackPath), stackSchema), name };
  });
};

/** Every resource of one type, in the order of the stacks. */
export const resourcesOf = (stacks: readonly Stack[], type: string): readonly Resource[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.resource[type] ?? {}).map(([name, values]) => ({ stack, type, name, values })),
  );
