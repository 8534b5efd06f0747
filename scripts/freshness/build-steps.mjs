import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from './files.mjs';
import { inProject, ScriptFailure } from './project.mjs';
import { replaceTree } from './replace-tree.mjs';
import { inWorkshop } from './workshop.mjs';

const isTypeScript = (file) => file.endsWith('.ts');
const below = (rooms) => rooms.flatMap((room) => filesBelow(room, isTypeScript));
const installed = ['package-lock.json', 'node_modules/.package-lock.json'];

/** dist/: everything, compiled to CommonJS. Types are not checked here: that takes three times as long and is what `npm run types` is for. */
export const distStep = {
  name: 'dist',
  title: 'Compiled the sources',
  inputs: () => [
    ...below(JSON.parse(readFileSync(inProject('tsconfig.json'), 'utf8')).include),
    ...installed,
    'tsconfig.json',
  ],
  outputs: () => filesBelow('dist'),
  // The workshop stands beside dist/, because source maps point to the sources by relative paths.
  run: () =>
    inWorkshop('dist', async (folder) => {
      const { spawnSync } = await import('node:child_process'); // a fresh build must be noticed fast
      const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
      const { status } = spawnSync(
        process.execPath,
        [tsc, '-p', inProject('tsconfig.json'), '--noCheck', '--outDir', folder],
        { stdio: ['ignore', 'inherit', 'inherit'] },
      );
      if (status !== 0) throw new ScriptFailure('The sources do not compile: see above.');
      replaceTree(folder, inProject('dist'));
    }),
};

/** build/bundles/: the zips that run in Lambda and in CodeBuild. */
export const bundlesStep = {
  name: 'bundles',
  title: 'Bundled Lambda tasks and worker',
  inputs: () => [
    ...below(['adapters', 'domain', 'lambdas', 'worker']),
    ...filesBelow('scripts/bundling'),
    ...installed,
    'buildspec.yml',
  ],
  outputs: () => filesBelow('build/bundles'),
  run: () =>
    inWorkshop('build/bundles', async (folder) => {
      const { bundleAll } = await import('../bundling/bundle-all.mjs');
      await bundleAll({ root: inProject(), out: folder }).catch(({ message }) => {
        throw new ScriptFailure(message);
      });
      replaceTree(folder, inProject('build', 'bundles'));
    }),
};

/** An error of the catalogue, such as wrong settings, in one sentence and with its exit code. */
const explain = async (error) => {
  const { errorCatalogue } = await import(pathToFileURL(inProject('dist', 'domain', 'errors.js')));
  const known = errorCatalogue[error.code];
  if (!known) throw error;
  throw new ScriptFailure(`${error.code}: ${error.message} ${error.remedy}`, known.exitCode);
};

const SYNTHESIZED = /^(manifest\.json|stacks\/[^/]+\/cdk\.tf\.json)$/;

/** Terraform's own files (plans, .terraform) lie in the same folders and are left alone. */
export const synthesizeInto = (target) =>
  inWorkshop('build/synth', async (folder) => {
    process.env.CHECKPOINT_DISABLE = '1'; // CDKTF asks its maker for news otherwise
    process.env.CDKTF_OUTDIR = folder;
    await import(pathToFileURL(inProject('dist', 'main.js'))).catch(explain);
    replaceTree(folder, resolve(target), (file) => SYNTHESIZED.test(file.replaceAll('\\', '/')));
  });

/** cdktf.out/: the stacks. */
export const synthStep = {
  name: 'synth',
  title: 'Synthesized the stacks',
  inputs: () => [
    ...below(['main.ts', 'config', 'domain', 'lambdas', 'stacks', 'workflows']),
    ...installed,
    'scripts/freshness/build-steps.mjs',
    'build/bundles/manifest.json',
  ],
  outputs: () => filesBelow('cdktf.out').filter((file) => SYNTHESIZED.test(file.slice('cdktf.out/'.length))),
  run: () => synthesizeInto(inProject('cdktf.out')),
};
