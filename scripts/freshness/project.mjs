import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const inProject = (...parts) => [root, ...parts].join('/');

const GROUND_MISSING = 4; // docs/guides/exit-codes.md

/** What went wrong in one sentence, for people: no stack trace. */
export class ScriptFailure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script; a ScriptFailure becomes one line and an exit code. */
export const runScript = async (work) => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
};

/** What is built needs what `npm ci` installs; without it every later message would be a riddle. */
export const requireDependencies = () => {
  const missing = ['typescript', 'esbuild', 'fflate', 'cdktf', '@cdktf/provider-aws'].filter(
    (name) => !existsSync(inProject('node_modules', name, 'package.json')),
  );
  if (missing.length === 0) return;
  const what = `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not installed in ${root}`;
  throw new ScriptFailure(`BuildOutputMissing: nothing can be built, because ${what}. Run: npm ci`, GROUND_MISSING);
};
