import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Ended = { readonly code: number | null; readonly signal: string | null; readonly output: string };

/** Ends when the process does, with all that it printed. */
export const runNode = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output: chunks.join('') }));
  });

/** Something to compile, something to bundle, and a `main.ts` that writes "stacks" which name what was bundled. */
const files: Readonly<Record<string, string>> = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'Node20',
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      sourceMap: true,
      rootDir: '.',
      outDir: 'dist',
    },
    include: ['main.ts', 'domain', 'lambdas', 'worker', 'test'],
  }),
  'package-lock.json': '{}',
  'buildspec.yml': 'version: 0.2\n',
  'domain/greeting.ts': "export const greeting = 'hello';\n",
  'domain/farewell.ts': "export const farewell = 'bye';\n",
  'lambdas/greet/handler.ts':
    "import { greeting } from '../../domain/greeting';\nexport const handler = async () => greeting;\n",
  'worker/main.ts': "console.log('working');\n",
  'test/some.test.ts': 'export const checked = true;\n',
  'main.ts': `import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { WorkerError } from './domain/errors';
if (existsSync('wrong-settings')) throw new WorkerError('ValidationError', 'The region is wrong.', 'Correct it.');
const out = process.env.CDKTF_OUTDIR ?? '';
const bundles = readFileSync('build/bundles/manifest.json', 'utf8');
mkdirSync(out + '/stacks/one', { recursive: true });
writeFileSync(out + '/stacks/one/cdk.tf.json', bundles);
if (existsSync('die-in-synthesis')) process.kill(process.pid, 'SIGKILL');
writeFileSync(out + '/manifest.json', '{}');
`,
};

/** A project with the real scripts, small enough to be built in a second. Its folder has a space in its name. */
export const tinyProject = ({ installed = true } = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'tiny project '));
  const path = (file: string) => join(root, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  cpSync('scripts', path('scripts'), { recursive: true });
  cpSync('domain/errors.ts', path('domain/errors.ts'));
  if (installed) symlinkSync(join(process.cwd(), 'node_modules'), path('node_modules'));
  return {
    root,
    path,
    write,
    read: (file: string) => readFileSync(path(file), 'utf8'),
    build: () => runNode(root, ['scripts/build-if-stale.mjs']),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
};

export type TinyProject = ReturnType<typeof tinyProject>;
