import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from '@octokit/graphql';
import { expect } from 'chai';
import type { GitHubSeed } from '../../../local/github/seed';
import { startGitHub } from '../../../local/github/stand-in';
import { type Fixture, git, sampleSeed, startFixture, tokens, WRITER } from './github-fixture';

const ADD = `mutation($id: ID!, $body: String!) { addComment(input: { subjectId: $id, body: $body }) { commentEdge { node { id } } } }`;
const ISSUE =
  '{ repository(owner: "acme", name: "shop") { issue(number: 1) { id comments(first: 10) { nodes { id body } } } } }';
type Issue = { repository: { issue: { id: string; comments: { nodes: { id: string; body: string }[] } } } };

const failure = async (call: Promise<unknown>): Promise<{ name: string; message: string }> => {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was expected to fail');
};

describe('the state of the local GitHub', () => {
  let fixture: Fixture;

  beforeEach(async () => {
    fixture = await startFixture();
  });
  afterEach(() => fixture.close());

  const stateFolder = () => join(fixture.folder, 'state');

  it('outlives a restart, and seeding it again changes nothing of what has become of it', async () => {
    const { repository } = await fixture.api<Issue>(ISSUE);
    await fixture.api(ADD, { id: repository.issue.id, body: 'kept' });
    const status = fixture.github.model.all('ProjectV2SingleSelectField')[0];
    const item = fixture.github.model.all('ProjectV2Item')[0];
    await fixture.api(
      `mutation($p: ID!, $i: ID!, $f: ID!) { clearProjectV2ItemFieldValue(input: { projectId: $p, itemId: $i, fieldId: $f }) { clientMutationId } }`,
      { p: item?.parentId, i: item?.id, f: status?.id },
    );
    const before = fixture.github.model.all('ProjectV2', 'ProjectV2Item', 'ProjectV2Field', 'IssueComment');
    await fixture.github.close();
    const again = await startGitHub({ stateFolder: stateFolder(), tokens });
    try {
      await again.seed(sampleSeed(fixture.bare));
      expect(again.model.all('ProjectV2', 'ProjectV2Item', 'ProjectV2Field', 'IssueComment')).to.deep.equal(before);
      expect(again.model.find(item?.id ?? '', 'ProjectV2Item')?.values).not.to.have.property(status?.id ?? '');
    } finally {
      await again.close();
    }
    expect(readdirSync(stateFolder())).to.deep.equal(['github.json']);
  });

  it('has the same ids from the same seed on every machine', async () => {
    const other = await startFixture();
    try {
      const ids = (one: Fixture) =>
        one.github.model.all('ProjectV2Item', 'Issue', 'Repository', 'ProjectV2').map(({ id }) => id);
      expect(ids(other)).to.deep.equal(ids(fixture));
      expect(ids(fixture).join(' ')).to.match(/\bR_\w+.*\bI_\w+.*\bPVT_\w+.*\bPVTI_\w+/);
    } finally {
      await other.close();
    }
  });

  it('loses no acknowledged write when the process is killed', async () => {
    const { repository } = await fixture.api<Issue>(ISSUE);
    await fixture.github.close();
    const program = `
      const { startGitHub } = require(process.argv[1]);
      startGitHub({ stateFolder: process.argv[2], tokens: ${JSON.stringify(tokens)} }).then((github) => console.log(github.apiUrl));`;
    const module = require.resolve('../../../local/github/stand-in');
    const child: ChildProcess = spawn(process.execPath, ['-e', program, module, stateFolder()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const api = graphql.defaults({ baseUrl: line.toString().trim(), headers: { authorization: `token ${WRITER}` } });
    for (let turn = 1; turn <= 5; turn += 1) await api(ADD, { id: repository.issue.id, body: `write ${turn}` });
    const unheard = api(ADD, { id: repository.issue.id, body: 'perhaps' }).catch(() => undefined);
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit'), unheard]);
    const again = await startGitHub({ stateFolder: stateFolder(), tokens });
    try {
      const bodies = again.model.all('IssueComment').map(({ body }) => body);
      expect(bodies.slice(0, 5)).to.deep.equal([1, 2, 3, 4, 5].map((turn) => `write ${turn}`));
    } finally {
      await again.close();
    }
  });

  it('refuses to start on a state that it cannot read, or on a port that is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'github state-'));
    try {
      const port = Number(new URL(fixture.github.serverUrl).port);
      expect((await failure(startGitHub({ stateFolder: folder, tokens, port }))).name).to.equal('PortInUse');
      writeFileSync(join(folder, 'github.json'), '{"version":1,"rec');
      const broken = await failure(startGitHub({ stateFolder: folder, tokens }));
      expect(broken.name).to.equal('ValidationError');
      expect(broken.message).to.include('github.json');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a machine without git', () => {
  it('is told what it lacks when repositories are seeded', async () => {
    const fixture = await startFixture();
    const stateFolder = join(fixture.folder, 'other state');
    const github = await startGitHub({ stateFolder, tokens, searchPath: fixture.folder });
    try {
      expect((await failure(github.seed(sampleSeed(fixture.bare)))).name).to.equal('GitMissing');
    } finally {
      await github.close();
      await fixture.close();
    }
  });
});

describe('a seed of the local GitHub', () => {
  let fixture: Fixture;

  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());

  const subfolder = (): string => {
    const folder = join(fixture.folder, 'work tree', 'sub');
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const owners = [{ login: 'fresh', kind: 'user' as const }];
  const board = { owner: 'fresh', number: 1, title: 'x', fields: [] };
  const status = { name: 'Status', type: 'single-select' as const, options: ['Ready'] };
  const repository = () => ({ nameWithOwner: 'fresh/one', path: fixture.bare });
  const issue = (number: number, more: object = {}) => ({ number, title: 'x', ...more });

  const cases: readonly [string, () => unknown, RegExp][] = [
    ['a misspelt word', () => ({ owners, boardz: [] }), /boardz/],
    ['a login that GitHub would not have', () => ({ owners: [{ login: 'a b', kind: 'user' }] }), /owners\[0\]\.login/],
    [
      'a folder that is no repository',
      () => ({ owners, repositories: [{ ...repository(), path: tmpdir() }] }),
      /no git repository/,
    ],
    [
      'a folder that is not there',
      () => ({ owners, repositories: [{ ...repository(), path: '/nowhere/at/all' }] }),
      /no git repository/,
    ],
    [
      'a folder inside of a repository',
      () => ({ owners, repositories: [{ ...repository(), path: subfolder() }] }),
      /no git repository/,
    ],
    ['a repository of nobody', () => ({ owners: [], repositories: [repository()] }), /owner of fresh\/one/],
    ['a board of nobody', () => ({ owners: [], boards: [board] }), /owner of board 1/],
    [
      'a number twice',
      () => ({ owners, repositories: [{ ...repository(), issues: [issue(1), issue(1)] }] }),
      /number 1 twice/,
    ],
    [
      'an unknown blocker',
      () => ({ owners, repositories: [{ ...repository(), issues: [issue(1, { blockedBy: [4] })] }] }),
      /blocked by 4/,
    ],
    [
      'an unknown label',
      () => ({ owners, repositories: [{ ...repository(), issues: [issue(1, { labels: ['no'] })] }] }),
      /no label "no"/,
    ],
    [
      'an unknown issue on a board',
      () => ({ owners, boards: [{ ...board, items: [{ type: 'issue', repository: 'fresh/one', number: 5 }] }] }),
      /fresh\/one#5, which does not exist/,
    ],
    [
      'an unknown field',
      () => ({ owners, boards: [{ ...board, items: [{ type: 'redacted', key: 'k', values: { Status: 'x' } }] }] }),
      /"Status", which is no field/,
    ],
    [
      'an unknown option',
      () => ({
        owners,
        boards: [{ ...board, fields: [status], items: [{ type: 'redacted', key: 'k', values: { Status: 'x' } }] }],
      }),
      /no option "x"/,
    ],
    [
      'a text where a number belongs',
      () => ({
        owners,
        boards: [
          {
            ...board,
            fields: [{ name: 'N', type: 'number' }],
            items: [{ type: 'redacted', key: 'k', values: { N: '3' } }],
          },
        ],
      }),
      /"N" cannot hold "3"/,
    ],
  ];
  for (const [name, seed, message] of cases) {
    it(`is refused whole for ${name}`, async () => {
      const error = await failure(fixture.github.seed(seed() as GitHubSeed));
      expect(error.name).to.equal('ValidationError');
      expect(error.message).to.match(message);
      expect(fixture.github.model.all('User').map(({ login }) => login)).to.deep.equal(['mona']);
    });
  }

  it('may hold pull requests, which boards show and filters find', async () => {
    await git(fixture.bare, 'rev-parse', 'feature');
    await fixture.github.seed({
      owners,
      repositories: [
        {
          ...repository(),
          pullRequests: [
            { number: 1, title: 'open one', head: 'feature', base: 'main', isDraft: true },
            { number: 2, title: 'merged one', head: 'level', base: 'main', state: 'MERGED' },
          ],
        },
      ],
      boards: [
        {
          ...board,
          items: [
            { type: 'pull-request', repository: 'fresh/one', number: 1 },
            { type: 'pull-request', repository: 'fresh/one', number: 2 },
          ],
        },
      ],
    });
    const find = async (query: string): Promise<unknown> => {
      const answer = await fixture.api<{
        user: { projectV2: { items: { nodes: { content: { number: number } }[] } } };
      }>(
        'query($q: String) { user(login: "fresh") { projectV2(number: 1) { items(first: 5, query: $q) { nodes { type content { ... on PullRequest { number } } } } } } }',
        { q: query },
      );
      return answer.user.projectV2.items.nodes.map(({ content }) => content.number);
    };
    expect(await find('is:pr')).to.deep.equal([1, 2]);
    expect(await find('is:merged')).to.deep.equal([2]);
    expect(await find('is:closed')).to.deep.equal([2]);
    expect(await find('is:draft')).to.deep.equal([1]);
    const update = fixture.api(
      `mutation($id: ID!) { updatePullRequest(input: { pullRequestId: $id, state: OPEN }) { clientMutationId } }`,
      { id: fixture.github.model.all('PullRequest')[1]?.id },
    );
    expect((await failure(update)).message).to.match(/merged pull request/);
  });
});
