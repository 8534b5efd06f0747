#!/usr/bin/env node
// The first file that runs, in a checkout as in an installed package: says hello at once, builds what is out of date
// (only a checkout can be), and hands over to the compiled command line.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`kiro-worker needs Node.js 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(4);
}

const isCheckout = existsSync(join(root, 'tsconfig.json'));
if (isCheckout) {
  const asksForHelp = process.argv.some((word) => word === '--help' || word === '-h');
  if (process.argv[2] === 'start' && !asksForHelp)
    process.stdout.write('Kiro CodeBuild Worker: the whole pipeline on one machine.\n');
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build-if-stale.mjs')], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, KIRO_API_KEY: undefined }, // for kiro-cli alone
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'; // it says at every start that Node 22 will be needed next year
await import(join(root, 'dist', 'cli', 'bin.js'));
