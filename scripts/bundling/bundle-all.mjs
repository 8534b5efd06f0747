import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { deterministicZip } from './deterministic-zip.mjs';
import { leanAwsSdk } from './lean-aws-sdk.mjs';

/** system.md's bar, minified. */
const LAMBDA_LIMIT_BYTES = 600_000;
const REQUIRE = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);\n";

/** Rooms whose code may end up in a bundle. */
const bundledRooms = ['adapters', 'domain', 'lambdas', 'worker'];

const sourcesOf = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    : [];

/** Every word of the project's own code: an error class that is not among them is not asked for. */
const wordsOf = (root) =>
  new Set(
    bundledRooms.flatMap((room) =>
      sourcesOf(join(root, room)).flatMap((file) => readFileSync(join(root, room, file), 'utf8').match(/\w+/g) ?? []),
    ),
  );

/** The minified module of each entry, by the entry's name. */
const bundleEach = async (root, entryPoints, options) => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [leanAwsSdk(options)],
  });
  const modules = outputFiles.map(({ path, text }) => {
    const name = basename(path, '.mjs');
    // Only CommonJS dependencies that require Node's own modules need it; it would hide a stray require elsewhere.
    const needsRequire = metafile.outputs[`${name}.mjs`].imports.some(({ kind }) => kind === 'require-call');
    return [name, Buffer.from((needsRequire ? REQUIRE : '') + text)];
  });
  return Object.fromEntries(modules);
};

const missing = (root, ...files) => {
  const absent = files.filter((file) => !existsSync(join(root, file)));
  if (absent.length > 0)
    throw new Error(`There is nothing to bundle for CodeBuild: ${absent.join(' and ')} must be there (${root}).`);
};

/**
 * One zip per task (`index.mjs`, which exports `handler`), `worker.zip` (`main.mjs` and `buildspec.yml`) and `manifest.json`, into `out`.
 * The same sources and the same lock file give the same bytes on every machine.
 */
export const bundleAll = async ({ root, out }) => {
  missing(root, 'worker/main.ts', 'buildspec.yml');
  const tasks = readdirSync(join(root, 'lambdas')).filter((task) =>
    existsSync(join(root, 'lambdas', task, 'handler.ts')),
  );
  const words = wordsOf(root);
  const isNamed = (name) => words.has(name);
  const entries = Object.fromEntries(tasks.map((task) => [task, `lambdas/${task}/handler.ts`]));
  const lambdas = await bundleEach(root, entries, { isNamed, inLambda: true });
  refuseLarge(lambdas);
  const { main } = await bundleEach(root, { main: 'worker/main.ts' }, { isNamed, inLambda: false });
  const contents = {
    ...Object.fromEntries(Object.entries(lambdas).map(([task, code]) => [task, { 'index.mjs': code }])),
    worker: { 'main.mjs': main, 'buildspec.yml': readFileSync(join(root, 'buildspec.yml')) },
  };
  return writeBundles(out, contents);
};

const refuseLarge = (lambdas) => {
  const tooLarge = Object.entries(lambdas).filter(([, { length }]) => length > LAMBDA_LIMIT_BYTES);
  if (tooLarge.length === 0) return;
  const sizes = tooLarge.map(([task, { length }]) => `${task} (${length})`).join(', ');
  throw new Error(`Lambda bundles may have ${LAMBDA_LIMIT_BYTES} bytes; too large: ${sizes}.`);
};

const writeBundles = (out, contents) => {
  mkdirSync(out, { recursive: true });
  const bundles = {};
  for (const name of Object.keys(contents).sort()) {
    const zip = deterministicZip(contents[name]);
    const file = `${name}.zip`;
    writeFileSync(join(out, file), zip);
    bundles[name] = { file, sha256: createHash('sha256').update(zip).digest('hex'), bytes: zip.length };
  }
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ version: 1, bundles }, null, 2)}\n`);
  return bundles;
};
