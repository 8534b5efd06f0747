// node scripts/run-test-files.mjs [OPTIONS of mocha]: all test files, a few in each mocha, as many at a time as there are processors.
// Not mocha --parallel, whose workers load one file after the other: to start a program costs a process of 400 MB many times what it costs a small one,
// since Linux copies its page tables, and the tests start tens of thousands. Not a mocha per file: to start one takes seconds, too.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const FOLDER = join('dist', 'test');
const JOBS = Math.max(2, availableParallelism());
const FILES_EACH = 5;
// bin/mocha.js would start a second process to pass this option on.
const MOCHA = ['--enable-source-maps', join('node_modules', 'mocha', 'lib', 'cli', 'cli.js'), '--exit'];

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .sort()
  .map((file) => join(FOLDER, file));
const isIn = (folder) => (file) => file.startsWith(join(FOLDER, folder));
// The longest first, so that no processor waits for them in the end.
const scenarios = files.filter(isIn('scenarios'));
const builds = files.filter(isIn('worker'));
const others = files.filter((file) => ![...scenarios, ...builds].includes(file));
const inGroups = (some, each) =>
  Array.from({ length: Math.ceil(some.length / each) }, (_, at) => some.slice(at * each, (at + 1) * each));
const queue = [...inGroups(scenarios, 1), ...inGroups([...builds, ...others], FILES_EACH)];

/** What a mocha says is printed when it has ended: those that run side by side do not mix their lines. */
const run = (some) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...MOCHA, ...some, ...process.argv.slice(2)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.on('close', (code, signal) => {
      process.stdout.write(output);
      const told = /^ +(\d+) passing/m.exec(output)?.[1];
      // A test that ends its process, with whatever code, has kept the others from running.
      const ended = told === undefined ? 'before its tests had ended' : (signal ?? code);
      resolve({ some, ended, passing: Number(told ?? 0) });
    });
  });

const startedAt = Date.now();
const ends = [];
const work = async () => {
  for (let some = queue.shift(); some !== undefined; some = queue.shift()) ends.push(await run(some));
};
await Promise.all(Array.from({ length: JOBS }, work));

const failed = ends.filter(({ ended }) => ended !== 0);
const passing = ends.reduce((sum, end) => sum + end.passing, 0);
const seconds = Math.round((Date.now() - startedAt) / 1000);
console.log(`\n${passing} passing in ${files.length} files (${seconds} s)`);
for (const { some, ended } of failed) console.log(`FAILED (${ended}): ${some.join(' ')}`);
if (passing === 0) console.log('No test has run.');
process.exitCode = failed.length > 0 || passing === 0 ? 1 : 0;
