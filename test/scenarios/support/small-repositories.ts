import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git } from '../../local/github/github-fixture';
import { root } from './run-cli';

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

const writeFiles = (folder: string, files: Files): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};

/** A spec as Kiro writes it, with one requirement per task. */
export const specFiles = (name: string, tasks: readonly string[]): Files => ({
  [`.kiro/specs/${name}/requirements.md`]: tasks
    .map((task, index) => `### Requirement ${index + 1}\n\n1. WHEN it is used THEN it SHALL ${task}\n`)
    .join('\n'),
  [`.kiro/specs/${name}/tasks.md`]: [
    '# Implementation Plan',
    '',
    ...tasks.map((task, index) => `- [ ] ${index + 1}. ${task}\n  - _Requirements: ${index + 1}.1_`),
    '',
  ].join('\n'),
});

/** Programs that the small repositories use: what a person would have installed. */
export const toolPath = join(root, 'node_modules', '.bin');

/** Runs test/*.test.mjs with node's own test runner, which writes an LCOV report. No npm, no tool: the fastest real tests that there are. */
export const bareTest =
  'mkdir -p coverage && node --test --experimental-test-coverage --test-reporter=lcov --test-reporter-destination=coverage/lcov.info test/*.test.mjs';

/** A repository of plain JavaScript that measures coverage with nyc. */
export const javascriptProject: Files = {
  'package.json': JSON.stringify({
    name: 'js-shop',
    version: '1.0.0',
    scripts: { test: 'nyc --all --include "lib/**" --reporter json-summary mocha "spec/**/*.js"' },
  }),
  '.gitignore': 'node_modules\ncoverage\n.nyc_output\n',
  'lib/sum.js': 'exports.sum = (a, b) => a + b;\n',
  'spec/sum.js':
    "const assert = require('node:assert');\nconst { sum } = require('../lib/sum');\nit('adds', () => assert.equal(sum(1, 2), 3));\n",
};

/** A repository of TypeScript that is compiled before its tests. */
export const typescriptProject: Files = {
  'package.json': JSON.stringify({
    name: 'ts-shop',
    version: '1.0.0',
    scripts: {
      build: 'tsc -p .',
      test: 'npm run -s build && nyc --all --include "out/src/**" --exclude-after-remap=false --reporter json-summary mocha "out/test/**/*.js"',
    },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'commonjs',
      target: 'es2022',
      outDir: 'out',
      rootDir: '.',
      strict: true,
      sourceMap: true,
      types: [],
      skipLibCheck: true,
    },
    include: ['src', 'test'],
  }),
  '.gitignore': 'node_modules\ncoverage\n.nyc_output\nout\n',
  'src/greet.ts': 'export const greet = (name: string): string => `Hello, ${name}`;\n',
  'test/greet.ts':
    "import { greet } from '../src/greet';\ndeclare const it: (title: string, body: () => void) => void;\nit('greets', () => {\n  if (greet('you') !== 'Hello, you') throw new Error('wrong');\n});\n",
};

/** A repository without package.json, tools or dependencies: node's own test runner and its LCOV report. */
export const bareProject: Files = {
  'kiro-worker.yml': `version: 1\ntest:\n  command: ${bareTest}\ncoverage:\n  reports: [coverage/lcov.info]\n`,
  '.gitignore': 'coverage\n',
  'half.mjs': 'export const half = (n) => n / 2;\n',
  'test/half.test.mjs':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { half } from '../half.mjs';\ntest('halves', () => assert.equal(half(4), 2));\n",
};

/** What an agent adds to the bare project: a function and its test. */
export const meanWork: Files = {
  'mean.mjs': 'export const mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;\n',
  'test/mean.test.mjs':
    "import test from 'node:test';\nimport assert from 'node:assert';\nimport { mean } from '../mean.mjs';\ntest('means', () => assert.equal(mean([1, 3]), 2));\n",
};

/** A repository with `main` and one feature branch per spec. `branches` says which files each feature branch adds to the project. */
export const makeProject = async (
  folder: string,
  project: Files,
  branches: Readonly<Record<string, Files>>,
): Promise<string> => {
  mkdirSync(folder, { recursive: true });
  await git(folder, 'init', '-q', '-b', 'main');
  writeFiles(folder, project);
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-qm', 'begin');
  for (const [branch, files] of Object.entries(branches)) {
    await git(folder, 'switch', '-q', '-c', branch, 'main');
    writeFiles(folder, files);
    await git(folder, 'add', '-A');
    await git(folder, 'commit', '-qm', `spec for ${branch}`);
  }
  await git(folder, 'switch', '-q', 'main');
  return folder;
};

/** An agent that copies what stands in `work/<spec>/<task>` over the work tree; without such a folder it does nothing. */
export const writeAgent = (folder: string, work: Readonly<Record<string, Files>>): string => {
  for (const [place, files] of Object.entries(work)) writeFiles(join(folder, 'work', place), files);
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'local', 'sample', 'agent.mjs'), join(folder, 'agent.mjs'));
  return `'${process.execPath}' '${join(folder, 'agent.mjs')}' '${join(folder, 'work')}' '${join(folder, 'faults')}'`;
};

export const writeBoard = (file: string, items: readonly object[]): string => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 1, items }));
  return file;
};
