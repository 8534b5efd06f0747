import * as z from 'zod';
import { isMeantBy, type Requirement } from './spec-requirements';

const sha = z.string().regex(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/);

/** From one requirement to what was done for it and what proves it. */
export const requirementTraceSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** Tasks that name it; `commit` is the last one with the task's trailer, also from an earlier run. */
  tasks: z.array(z.strictObject({ id: z.string(), commit: sha.nullable() })),
  /** `named`: the test says which requirement it is for; `changed`: its file was changed by a task that names the requirement. */
  tests: z.array(z.strictObject({ file: z.string(), title: z.string().nullable(), by: z.enum(['named', 'changed']) })),
});
export type RequirementTrace = z.infer<typeof requirementTraceSchema>;

/** A test, or a whole test file, that names requirements. */
export type NamingTest = { readonly file: string; readonly title: string | null; readonly names: readonly string[] };

type Facts = {
  readonly requirements: readonly Requirement[];
  readonly tasks: readonly { readonly id: string; readonly requirements: readonly string[] }[];
  readonly commitOf: ReadonlyMap<string, string>;
  readonly namingTests: readonly NamingTest[];
  /** Test files by task. */
  readonly changedTests: ReadonlyMap<string, readonly string[]>;
};

/** More than a reviewer reads, and than a result should weigh. */
export const MOST_TRACES = 500;
const MOST_TESTS = 20;

type Row = Pick<Requirement, 'name' | 'title'> & { readonly parent: string | null };

/** Criteria, requirements without any, and what tasks name that is written down nowhere. What a bugfix.md says of today's behaviour is no aim. */
const rowsOf = ({ requirements, tasks }: Facts): readonly Row[] => {
  const leaves = requirements.filter(
    ({ name, isDefect }) => !isDefect && !requirements.some(({ parent }) => parent === name),
  );
  const known = (mention: string): boolean => requirements.some((requirement) => isMeantBy(requirement, mention));
  const unknown = new Set(tasks.flatMap((task) => task.requirements).filter((mention) => !known(mention)));
  return [...leaves, ...[...unknown].map((name) => ({ name, title: '', parent: null }))];
};

/** The matrix requirement → task → commit → test, in the order of the spec. */
export const traceRequirements = (facts: Facts): RequirementTrace[] =>
  rowsOf(facts)
    .slice(0, MOST_TRACES)
    .map((row) => {
      const tasks = facts.tasks.filter(({ requirements }) => requirements.some((name) => isMeantBy(row, name)));
      const named = facts.namingTests.filter(({ names }) => names.some((name) => isMeantBy(row, name)));
      const changed = new Set(tasks.flatMap(({ id }) => facts.changedTests.get(id) ?? []));
      for (const { file } of named) changed.delete(file);
      const tests = [
        ...named.map(({ file, title }) => ({ file, title, by: 'named' as const })),
        ...[...changed].map((file) => ({ file, title: null, by: 'changed' as const })),
      ];
      return {
        name: row.name,
        title: row.title,
        tasks: tasks.map(({ id }) => ({ id, commit: facts.commitOf.get(id) ?? null })),
        tests: tests.slice(0, MOST_TESTS),
      };
    });
