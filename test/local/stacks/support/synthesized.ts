import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { loadEnvironment } from '../../../../config/load';
import type { Environment } from '../../../../config/schema';
import { taskContracts } from '../../../../lambdas/registry';
import { synthesize } from '../../../../stacks/synthesize';

type Files = Readonly<Record<string, string>>;

/** What stands in for a bundle: source texts by file name. */
export type BundleFiles = {
  /** By task; one that is not named echoes its event. */
  readonly tasks?: Readonly<Record<string, Files>>;
  readonly worker?: Files;
};

const echo: Files = { 'index.mjs': 'export const handler = async (event) => event;' };
const idle: Files = { 'buildspec.yml': 'version: 0.2\nphases:\n  build:\n    commands:\n      - "true"\n' };

const writeBundle = (folder: string, name: string, files: Files) => {
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  const zip = zipSync(Object.fromEntries(entries), { mtime: '2030-01-01T00:00:00' });
  writeFileSync(join(folder, `${name}.zip`), zip);
  const sha256 = createHash('sha256').update(zip).digest('hex');
  return [name, { file: `${name}.zip`, sha256, bytes: zip.length }] as const;
};

/** The real stacks of one environment, synthesized for small bundles of the test's own. */
export const synthesizeStacks = (
  folder: string,
  { tasks = {}, worker = idle }: BundleFiles = {},
  environment: Environment = loadEnvironment('test'),
): { readonly stacksFolder: string; readonly bundlesFolder: string; readonly environment: Environment } => {
  const bundlesFolder = join(folder, 'bundles');
  const stacksFolder = join(folder, 'cdktf.out');
  mkdirSync(bundlesFolder, { recursive: true });
  const bundles = [
    ...taskContracts.map(({ name }) => writeBundle(bundlesFolder, name, tasks[name] ?? echo)),
    writeBundle(bundlesFolder, 'worker', worker),
  ];
  synthesize([environment], { version: 1, bundles: Object.fromEntries(bundles) }, { outdir: stacksFolder });
  return { stacksFolder, bundlesFolder, environment };
};
