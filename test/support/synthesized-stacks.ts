import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../config/load';
import { namesOf, type StackKind, stackKinds } from '../../config/naming';
import type { Environment } from '../../config/schema';
import { taskContracts } from '../../lambdas/registry';
import { type BundleManifest, parseBundleManifest } from '../../stacks/bundle-manifest';
import type { Release } from '../../stacks/release';
import { synthesize } from '../../stacks/synthesize';

export type Resource = Readonly<Record<string, unknown>>;
export type StackDocument = {
  readonly data: { readonly terraform_remote_state?: Readonly<Record<string, { readonly config: { path: string } }>> };
  readonly output: Readonly<Record<string, { readonly value: string; readonly sensitive?: boolean }>>;
  readonly provider: { readonly aws: readonly Resource[] };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly terraform: Resource;
};
export type Synthesis = {
  readonly release: Release;
  readonly manifest: { readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>> };
  /** The text of cdk.tf.json by stack. */
  readonly texts: ReadonlyMap<string, string>;
  readonly stack: (environment: Environment, kind: StackKind) => StackDocument;
};

/** Bundles as scripts/bundle.mjs describes them; stacks need their digests only. */
export const someBundles = (digit = 'a'): BundleManifest =>
  parseBundleManifest({
    version: 1,
    bundles: Object.fromEntries(
      [...taskContracts.map(({ name }) => name), 'worker'].map((name, index) => [
        name,
        { file: `${name}.zip`, sha256: `${index.toString(16)}`.padEnd(64, digit), bytes: 1000 + index },
      ]),
    ),
  });

/** What App.synth really writes, with the release stamped in. */
export const synthesizeNow = (
  environments: readonly Environment[] = loadEnvironments(),
  bundles = someBundles(),
): Synthesis => {
  const outdir = mkdtempSync(join(tmpdir(), 'stacks of a test '));
  try {
    const release = synthesize(environments, bundles, { outdir });
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as Synthesis['manifest'];
    const texts = new Map(
      Object.keys(manifest.stacks).map((name) => [
        name,
        readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8'),
      ]),
    );
    const stack: Synthesis['stack'] = (environment, kind) =>
      JSON.parse(texts.get(namesOf(environment).stack(kind)) ?? 'null') as StackDocument;
    return { release, manifest, texts, stack };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

const memory = new Map<'synthesis', Synthesis>();

/** The stacks of the project's own environments, synthesized once per process. */
export const synthesizedStacks = (): Synthesis => {
  const synthesis = memory.get('synthesis') ?? synthesizeNow();
  memory.set('synthesis', synthesis);
  return synthesis;
};

/** Every environment with every stack, for tests that hold everywhere. */
export const everyStack = (): readonly (readonly [string, StackDocument, Environment])[] =>
  loadEnvironments().flatMap((environment) =>
    stackKinds.map(
      (kind) => [namesOf(environment).stack(kind), synthesizedStacks().stack(environment, kind), environment] as const,
    ),
  );

/** Every resource of a type in a stack, with its Terraform id. */
export const resourcesOf = (stack: StackDocument, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(stack.resource[type] ?? {});

/** The one resource of its type. */
export const onlyResource = (stack: StackDocument, type: string): Resource => {
  const found = resourcesOf(stack, type);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources of type ${type}, not one`);
  return found[0][1];
};
