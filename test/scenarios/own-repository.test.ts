import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Report, ReportItem } from '../../local/report/report';
import { reportSchema } from '../../local/report/report';
import { git } from '../local/github/github-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, runCli } from './support/run-cli';
import {
  bareProject,
  type Files,
  javascriptProject,
  makeProject,
  specFiles,
  toolPath,
  typescriptProject,
  writeAgent,
  writeBoard,
} from './support/small-repositories';

const env = { PATH: `${toolPath}:${process.env.PATH}` };

type Case = { readonly name: string; readonly spec: Files; readonly work: Readonly<Record<string, Files>> };

const greenJavascript: Case = {
  name: 'mean',
  spec: specFiles('mean', ['give the mean of numbers', 'refuse an empty list']),
  work: {
    'mean/1': {
      'lib/mean.js': 'exports.mean = (all) => all.reduce((a, b) => a + b, 0) / all.length;\n',
      'spec/mean.js':
        "const assert = require('node:assert');\nconst { mean } = require('../lib/mean');\nit('means', () => assert.equal(mean([1, 3]), 2));\n",
    },
    'mean/2': {
      'lib/mean.js':
        "exports.mean = (all) => {\n  if (all.length === 0) throw new RangeError('empty');\n  return all.reduce((a, b) => a + b, 0) / all.length;\n};\n",
      'spec/mean.js':
        "const assert = require('node:assert');\nconst { mean } = require('../lib/mean');\nit('means', () => assert.equal(mean([1, 3]), 2));\nit('refuses nothing', () => assert.throws(() => mean([]), RangeError));\n",
    },
  },
};

describe('kiro-worker run', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  /** Runs a board with one item per case; gives the report and the end of the program. */
  const runOn = async (
    project: Files,
    cases: readonly Case[],
    more: readonly string[] = [],
  ): Promise<{ readonly end: CliEnd; readonly report: Report; readonly item: (name: string) => ReportItem }> => {
    const repository = await makeProject(
      join(folder(), 'the repository'),
      project,
      Object.fromEntries(cases.map(({ name, spec }) => [`feature/${name}`, spec])),
    );
    const agent = writeAgent(join(folder(), 'agent'), Object.assign({}, ...cases.map(({ work }) => work)));
    const board = writeBoard(
      join(folder(), 'board.json'),
      cases.map(({ name }) => ({ title: `Do ${name}`, branch: `feature/${name}` })),
    );
    const args = [
      'run',
      '--repo',
      repository,
      '--board',
      board,
      '--agent',
      agent,
      '--json',
      'out/report.json',
      ...more,
    ];
    const end = await runCli(args, { cwd: folder(), env });
    const report = reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'out', 'report.json'), 'utf8')));
    const item = (name: string): ReportItem => {
      const found = report.items.find(({ branch }) => branch === `feature/${name}`);
      if (!found) throw new Error(`no item ${name} in the report`);
      return found;
    };
    return { end, report, item };
  };

  it('brings plain JavaScript to green, one commit per task, and leaves the work tree alone', async () => {
    // Settings of the project in which somebody happens to stand must not reach the build.
    writeFileSync(join(folder(), '.mocharc.json'), JSON.stringify({ require: ['./of-another-project.js'] }));
    const { end, item } = await runOn(javascriptProject, [greenJavascript]);
    expect(end.code, end.stderr + end.stdout).to.equal(0);
    const { outcome, pullRequest, commits, tests, coverage, steps, status } = item('mean');
    expect({ outcome, status, draft: pullRequest?.isDraft }).to.deep.equal({
      outcome: 'green',
      status: 'In review',
      draft: false,
    });
    expect(commits.map(({ task }) => task)).to.deep.equal(['1', '2']);
    expect(tests?.after).to.include({ ending: 'passed', command: 'npm test', exitCode: 0 });
    expect(coverage?.after).to.deep.equal({ lines: 100, branches: 100, functions: 100, statements: 100 });
    expect(steps.map(({ name }) => name)).to.include.members(['Checkout', 'Build', 'CoverageGate', 'Publish']);
    const repository = join(folder(), 'the repository');
    const log = await git(
      repository,
      'log',
      '--format=%(trailers:key=Kiro-Task,valueonly,separator=%x2C)',
      'main..feature/mean',
    );
    expect(log).to.equal('2\n1');
    expect(await git(repository, 'show', 'feature/mean:.kiro/specs/mean/tasks.md')).to.match(
      /\[x\] 1\.[\s\S]*\[x\] 2\./,
    );
    expect(await git(repository, 'status', '--porcelain')).to.equal('');
  });

  it('tells low coverage, a broken test and an idle agent apart', async () => {
    const { end, item } = await runOn(javascriptProject, [
      {
        name: 'untested',
        spec: specFiles('untested', ['do it']),
        work: {
          'untested/1': {
            'lib/untested.js':
              'exports.a = (x) => {\n  if (x) return 1;\n  if (x === 0) return 2;\n  return 3;\n};\nexports.b = () => 4;\nexports.c = () => 5;\nexports.d = () => 6;\n',
          },
        },
      },
      {
        name: 'broken',
        spec: specFiles('broken', ['do it']),
        work: { 'broken/1': { 'lib/sum.js': 'exports.sum = (a, b) => a - b;\n' } },
      },
      { name: 'idle', spec: specFiles('idle', ['do it']), work: {} },
    ]);
    expect(end.code).to.equal(3);
    expect(item('untested')).to.deep.include({ outcome: 'red', status: 'Needs attention' });
    expect(item('untested').reason?.code).to.equal('CoverageBelowThreshold');
    expect(item('untested').pullRequest?.isDraft).to.equal(true);
    expect(item('broken').reason?.code).to.equal('TestsFailed');
    expect(item('idle')).to.deep.include({ outcome: 'failed', pullRequest: null });
    expect(item('idle').reason?.code).to.equal('AgentDidNothing');
    expect(item('idle').deadLetters).to.have.length(1);
  });

  it('brings TypeScript that is compiled first to green', async () => {
    const { end, item } = await runOn(typescriptProject, [
      {
        name: 'shout',
        spec: specFiles('shout', ['shout']),
        work: {
          'shout/1': {
            'src/shout.ts': 'export const shout = (text: string): string => text.toUpperCase();\n',
            'test/shout.ts':
              "import { shout } from '../src/shout';\ndeclare const it: (title: string, body: () => void) => void;\nit('shouts', () => {\n  if (shout('a') !== 'A') throw new Error('wrong');\n});\n",
          },
        },
      },
      {
        name: 'wrongtype',
        spec: specFiles('wrongtype', ['be wrong']),
        work: { 'wrongtype/1': { 'src/greet.ts': 'export const greet = (name: string): string => 42;\n' } },
      },
    ]);
    expect(end.code, end.stdout).to.equal(3);
    expect(item('shout')).to.deep.include({ outcome: 'green', reason: null });
    expect(item('wrongtype').reason?.code).to.equal('TestsFailed');
  });

  it('works on a repository without package.json or dependencies, by its settings and LCOV', async () => {
    const double = {
      'double/1': {
        'double.mjs': 'export const double = (n) => n * 2;\n',
        'test/double.test.mjs':
          "import test from 'node:test';\nimport assert from 'node:assert';\nimport { double } from '../double.mjs';\ntest('doubles', () => assert.equal(double(2), 4));\n",
      },
    };
    const { end, item } = await runOn(bareProject, [
      { name: 'double', spec: specFiles('double', ['double']), work: double },
      {
        name: 'triple',
        spec: specFiles('triple', ['triple']),
        work: { 'triple/1': { 'half.mjs': 'export const half = (n) => n / 3;\n' } },
      },
    ]);
    expect(end.code, end.stdout).to.equal(3);
    expect(item('double')).to.deep.include({ outcome: 'green' });
    expect(item('double').coverage?.after).to.deep.include({ lines: 100, statements: null });
    expect(item('triple').reason?.code).to.equal('TestsFailed');
  });

  it('keeps planted tokens out of logs, artefacts, pull requests, state and dead letters', async () => {
    const token = `ghp_${'A1b2C3d4'.repeat(4)}zz`;
    const leaky: Case = {
      name: 'leaky',
      spec: specFiles('leaky', ['do it']),
      work: {
        'leaky/1': {
          'spec/sum.js': `const assert = require('node:assert');\nit('leaks', () => { console.log('token ' + 'ghp_' + 'A1b2C3d4'.repeat(4) + 'zz'); assert.fail('ghp_' + 'A1b2C3d4'.repeat(4) + 'zz'); });\n`,
        },
      },
    };
    const { item, end } = await runOn(javascriptProject, [leaky]);
    expect(item('leaky').reason?.code).to.equal('TestsFailed');
    expect(end.stdout + end.stderr).to.not.contain(token);
    const files = readdirSync(folder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.includes(`${join('the repository', '.git')}`));
    const forms = [token, Buffer.from(token).toString('base64')];
    expect(files.filter((file) => forms.some((form) => readFileSync(file, 'latin1').includes(form)))).to.deep.equal([]);
  });
});
