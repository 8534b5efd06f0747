import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { type GraphQLError, parse, validate } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { inspectBoard } from '../../adapters/github/find-board';
import type { RunDocument } from '../../adapters/github/graphql-client';
import { type BoardSettings, boardSettingsSchema } from '../../domain/board-settings';
import { listRequirements } from '../../domain/spec-requirements';
import { parseSpecTasks } from '../../domain/spec-tasks';
import { readBoardFile } from '../../local/board/board-file';
import { loadGitHubSchema } from '../../local/github/schema';
import { type Report, reportSchema } from '../../local/report/report';
import { parseSettings } from '../../worker/build/read-settings';
import { git } from '../local/github/github-fixture';
import { temporaryFolder } from '../support/temporary-folder';
import { root, runCli } from './support/run-cli';
import { type Files, writeAgent } from './support/small-repositories';

const examples = join(root, 'examples');
const read = (path: string) => readFileSync(join(examples, path), 'utf8');

const price = (body: string) => `exports.price = (cents, pieces) => {\n${body}\n};\n`;
const priceTest = (cases: string) =>
  `const assert = require('node:assert');\nconst test = require('node:test');\nconst { price } = require('../src/price');\n${cases}`;
const discount =
  "// Validates: Requirements 1.1\ntest('is cheaper from ten on', () => assert.equal(price(255, 10), 2295));\ntest('stays below (Requirement 1.2)', () => assert.equal(price(250, 4), 1000));\n";
const cheaper = '  const whole = cents * pieces;\n  return pieces >= 10 ? Math.round(whole * 0.9) : whole;';

/** What an agent would write for the two specs. */
const work: Readonly<Record<string, Files>> = {
  'discount/1': { 'src/price.js': price(cheaper), 'test/price.test.js': priceTest(discount) },
  'discount/2': {
    'src/price.js': price(`  if (!Number.isInteger(pieces) || pieces < 0) throw new RangeError('pieces');\n${cheaper}`),
    'test/price.test.js': priceTest(
      `${discount}test('refuses', () => assert.throws(() => price(1, -1), RangeError));\n`,
    ),
  },
  'average/1': {
    'average.mjs':
      "export const average = (all) => {\n  if (all.length === 0) throw new RangeError('none');\n  return all.reduce((a, b) => a + b) / all.length;\n};\n",
    'test/average.test.mjs':
      "import assert from 'node:assert';\nimport test from 'node:test';\nimport { average } from '../average.mjs';\ntest('averages, Requirement 1.1', () => assert.equal(average([1, 3]), 2));\ntest('refuses none, Requirement 1.2', () => assert.throws(() => average([]), RangeError));\ntest('sees what the proxy needs', () => assert.equal(process.env.NO_PROXY, 'example.invalid'));\n",
  },
};

describe('the examples', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();

  /** As examples/README.md says it. */
  const tryOut = async (example: string, branch: string, board: string): Promise<Report> => {
    const shop = join(folder(), 'shop');
    cpSync(join(examples, example), shop, { recursive: true });
    rmSync(join(shop, 'coverage'), { recursive: true, force: true });
    await git(shop, 'init', '-q', '-b', 'main');
    await git(shop, 'add', '-A');
    await git(shop, 'rm', '-rq', '--cached', '.kiro');
    await git(shop, 'commit', '-qm', 'Shop');
    await git(shop, 'switch', '-qc', branch);
    await git(shop, 'add', '-A');
    await git(shop, 'commit', '-qm', 'Spec');
    await git(shop, 'switch', '-q', 'main');
    const agent = writeAgent(join(folder(), 'agent'), work);
    const end = await runCli(['run', '--repo', shop, '--board', board, '--agent', agent, '--json', 'report.json'], {
      cwd: folder(),
      env: { NO_PROXY: 'example.invalid' },
    });
    expect(end.code, end.stderr + end.stdout).to.equal(0);
    return reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));
  };

  /** As a person finds it in the state folder. */
  const readPullRequest = (number: number | undefined): string => {
    const state = join(folder(), '.kiro-worker');
    const found = readdirSync(state, { recursive: true, encoding: 'utf8' }).find((path) =>
      new RegExp(`pull-requests/${number}[^/]*\\.md$`).test(path),
    );
    return found ? readFileSync(join(state, found), 'utf8') : '';
  };

  it('bring the npm project to green with the board as it is, and its pull request shows the requirements', async () => {
    const report = await tryOut('npm', 'feature/discount', join(examples, 'board.json'));
    const [item, ...others] = report.items;
    expect(item).to.deep.include({ branch: 'feature/discount', outcome: 'green', status: 'In review' });
    expect(item?.commits.map(({ task }) => task)).to.deep.equal(['1', '2', '4']);
    expect(others.map(({ outcome }) => outcome)).to.deep.equal(['untouched', 'untouched']);
    const body = readPullRequest(item?.pullRequest?.number);
    expect(body, 'its JUnit report').to.match(/\| after \| passed \| 3 \(0 failed, 0 skipped\) \|/);
    expect(body).to.match(/\| changed lines \| – \| 100 % \(\d+\/\d+\) \| 80 % \|/);
    expect(body).to.match(
      /\| 1\.1 WHEN ten or more .*\| 1, 3 \(optional\) \| [0-9a-f]{7} \| `test\/price\.test\.js`: is cheaper from ten on \(passed\)[^|]*\|/,
    );
    expect(body).to.match(
      /\| 2\.1 IF the number .*\| 2 \| [0-9a-f]{7} \| `test\/price\.test\.js` \(changed with the task[^|]*\|/,
    );
  });

  it('bring the repository without dependencies to green', async () => {
    const board = join(folder(), 'board.json');
    writeFileSync(board, JSON.stringify({ version: 1, items: [{ title: 'Average', branch: 'feature/average' }] }));
    const report = await tryOut('no-dependencies', 'feature/average', board);
    expect(report.items.map(({ outcome }) => outcome)).to.deep.equal(['green']);
    expect(readPullRequest(report.items[0]?.pullRequest?.number)).to.match(/\| after \| passed \| \d+ \(0 failed/);
  });

  it('have settings that the worker accepts, whose commands a shell can read', () => {
    for (const name of ['npm', 'no-dependencies', 'pnpm', 'python', 'monorepo']) {
      const settings = parseSettings(read(`${name}/kiro-worker.yml`));
      expect(settings.coverage.reports, name).not.to.be.empty;
      for (const command of [settings.install.command, settings.test.command])
        execFileSync('sh', ['-n', '-c', command ?? 'exit 1'], { stdio: 'pipe' });
    }
  });

  it('are valid for an editor that checks them with the published schemas', () => {
    const editor = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
    const check = (schema: string) => {
      const validate = editor.compile(JSON.parse(read(`../docs/schemas/${schema}`)));
      return (value: unknown) => (validate(value) ? [] : (validate.errors ?? []));
    };
    const checkSettings = check('kiro-worker-yml.schema.json');
    const checkBoard = check('board-file.schema.json');
    for (const name of ['npm', 'no-dependencies', 'pnpm', 'python', 'monorepo'])
      expect(checkSettings(parseYaml(read(`${name}/kiro-worker.yml`))), name).to.deep.equal([]);
    expect(checkBoard(JSON.parse(read('board.json')))).to.deep.equal([]);
    expect(checkSettings({ gate: { line: 80 } }).map(({ message }) => message)).to.deep.equal([
      'must NOT have additional properties',
    ]);
  });

  it('have specs whose tasks name requirements that there are', () => {
    for (const spec of ['npm/.kiro/specs/discount', 'no-dependencies/.kiro/specs/average']) {
      const known = listRequirements(read(`${spec}/requirements.md`)).map(({ name }) => name);
      for (const { id, isCheckpoint, requirements } of parseSpecTasks(read(`${spec}/tasks.md`)).tasks)
        if (!isCheckpoint) expect(known, `${spec} ${id}`).to.include.members([...requirements]).and.not.be.empty;
    }
  });

  it('have a board file whose schema is where it says', () => {
    expect(readBoardFile(join(examples, 'board.json')).items.map(({ status }) => status ?? 'Ready')).to.deep.equal([
      'Ready',
      'Backlog',
      'Backlog',
    ]);
    expect(JSON.parse(read('../docs/schemas/board-file.schema.json'))).to.have.property('$schema');
  });

  describe('for a GitHub project', () => {
    const schema = loadGitHubSchema();
    const document = read('github-project/documents.graphql');
    const template = JSON.parse(read('github-project/project.json'));

    /** A `gh` that notes what it is asked, and answers from a file. */
    const create = (answers: object, ...args: readonly string[]) => {
      const bin = join(folder(), 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(folder(), 'answers.json'), JSON.stringify(answers));
      writeFileSync(
        join(bin, 'gh'),
        `#!${process.execPath}\nconst fs = require('node:fs');\nconst asked = JSON.parse(fs.readFileSync(0, 'utf8'));\nfs.appendFileSync(${JSON.stringify(join(folder(), 'asked'))}, JSON.stringify([process.argv.slice(2), asked]) + '\\n');\nconsole.log(JSON.stringify({ data: JSON.parse(fs.readFileSync(${JSON.stringify(join(folder(), 'answers.json'))}, 'utf8'))[asked.operationName] }));\n`,
      );
      chmodSync(join(bin, 'gh'), 0o755);
      return execFileSync(process.execPath, [join(examples, 'github-project/create-project.mjs'), ...args], {
        env: { PATH: `${bin}:/usr/bin:/bin` },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    };
    const asked = () =>
      readFileSync(join(folder(), 'asked'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const owner = (kind: string) => ({ repositoryOwner: { __typename: kind, id: 'O_1' } });
    const projectV2 = { id: 'PVT_1', number: 7, url: 'https://github.com/orgs/acme/projects/7', field: { id: 'F_1' } };
    const answers = { Owner: owner('Organization'), CreateProject: { createProjectV2: { projectV2 } } };

    it('have documents that are valid on the schema of GitHub', () => {
      const problems = validate(schema, parse(document)).map((error: GraphQLError) => error.message);
      expect(problems).to.deep.equal([]);
    });

    it('ask for the fields and options that the worker reads, and print its settings', () => {
      const settings: BoardSettings = boardSettingsSchema.parse(
        JSON.parse(
          create({ ...answers, SetOptions: {}, CreateSelect: {}, CreateText: {} }, 'acme', 'Work', 'acme/shop'),
        ),
      );
      expect(settings).to.deep.include({
        owner: 'acme',
        ownerKind: 'organization',
        number: 7,
        repositories: ['acme/shop'],
      });
      const calls = asked();
      expect(calls.map(([args]) => args.join(' '))).to.deep.equal(calls.map(() => 'api graphql --input -'));
      expect(calls.map(([, { operationName, variables }]) => [operationName, variables])).to.deep.equal([
        ['Owner', { login: 'acme' }],
        ['CreateProject', { owner: 'O_1', title: 'Work' }],
        ['SetOptions', { field: 'F_1', options: template.status }],
        ['CreateSelect', { project: 'PVT_1', name: 'Priority', options: template.priority }],
        ['CreateText', { project: 'PVT_1', name: 'Branch' }],
        ['CreateText', { project: 'PVT_1', name: 'Spec' }],
      ]);
      const names = (options: readonly { name: string }[]) => options.map(({ name }) => name);
      expect(names(template.status)).to.include.members(Object.values(settings.options));
      // The order of the options is the order of priority, unless the settings name another one.
      expect(names(template.priority)).to.deep.equal(['Urgent', 'High', 'Medium', 'Low']);
      expect(settings).not.to.have.property('priorities');
      expect(['Status', 'Priority', ...template.texts]).to.have.members(Object.values(settings.fields));
      const colors = Object.values(
        (
          schema.getType('ProjectV2SingleSelectFieldOptionColor') as
            | { getValues(): readonly { name: string }[] }
            | undefined
        )?.getValues() ?? [],
      ).map(({ name }) => name);
      for (const { color } of [...template.status, ...template.priority]) expect(colors).to.include(color);
    });

    it('makes a project in which the doctor finds every field and option', async () => {
      const settings = boardSettingsSchema.parse(
        JSON.parse(
          create({ ...answers, SetOptions: {}, CreateSelect: {}, CreateText: {} }, 'acme', 'Work', 'acme/shop'),
        ),
      );
      const select = (name: string, options: readonly { name: string }[]) => ({
        id: name,
        name,
        dataType: 'SINGLE_SELECT',
        options: options.map((option) => ({ id: option.name, name: option.name })),
      });
      const text = (name: string) => ({ id: name, name, dataType: 'TEXT' });
      const problemsWith = async (nodes: readonly object[]) => {
        const projectV2 = { id: 'PVT_1', viewerCanUpdate: true, fields: { nodes } };
        const run = (async () => ({ organization: { projectV2 } })) as unknown as RunDocument;
        return (await inspectBoard(settings, run)).problems.map(({ message }) => message);
      };
      const texts: readonly string[] = template.texts;
      const whole = [
        select('Status', template.status),
        select('Priority', template.priority),
        ...texts.map((name) => text(name)),
      ];
      expect(await problemsWith(whole)).to.deep.equal([]);
      for (const [index, { name }] of whole.entries())
        expect(await problemsWith(whole.toSpliced(index, 1)), name).not.to.be.empty;
    });

    it('say what is missing, and who GitHub does not know', () => {
      expect(() => create(answers, 'acme', 'Work')).to.throw(/Usage: node create-project\.mjs OWNER TITLE/);
      expect(() => create({ Owner: { repositoryOwner: null } }, 'nobody', 'Work', 'a/b')).to.throw(
        /no organization or user "nobody"/,
      );
    });
  });
});
