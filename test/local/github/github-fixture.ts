import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { graphql } from '@octokit/graphql';
import { loadGitHubSchema } from '../../../local/github/schema';
import type { GitHubSeed } from '../../../local/github/seed';
import { type GitHubOptions, type GitHubStandIn, startGitHub } from '../../../local/github/stand-in';

export const WRITER = 'writer-token-0001';
export const READER = 'reader-token-0002';
export const tokens = [
  { token: WRITER, login: 'worker', canWrite: true },
  { token: READER, login: 'onlooker', canWrite: false },
];

const run = promisify(execFile);

const environment = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** Runs git and gives its stdout; a failure is an Error whose message holds stderr. */
export const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await run('git', [...args], { cwd, env: environment })).stdout.trim();

/** The same, with something on standard input. */
export const gitWithInput = (cwd: string, input: string, ...args: readonly string[]): Promise<string> => {
  const child = run('git', [...args], { cwd, env: environment });
  child.child.stdin?.end(input);
  return child.then(({ stdout }) => stdout.trim());
};

export const gitFailure = async (cwd: string, ...args: readonly string[]): Promise<string> => {
  try {
    await git(cwd, ...args);
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
  throw new Error(`git ${args.join(' ')} was expected to fail`);
};

export const commitFile = async (repository: string, file: string, content: string): Promise<string> => {
  writeFileSync(join(repository, file), content);
  await git(repository, 'add', '.');
  await git(repository, 'commit', '-qm', `write ${file}`);
  return git(repository, 'rev-parse', 'HEAD');
};

export type Fixture = {
  readonly folder: string;
  /** A bare repository with `main`, `feature` (one commit ahead) and `level` (none). */
  readonly bare: string;
  readonly github: GitHubStandIn;
  readonly api: <T>(query: string, variables?: Record<string, unknown>) => Promise<T>;
  readonly apiOf: (token: string) => <T>(query: string, variables?: Record<string, unknown>) => Promise<T>;
  /** The repository's address with a token in it. */
  readonly remote: (token: string, nameWithOwner?: string) => string;
  readonly close: () => Promise<void>;
};

export const sampleSeed = (bare: string): GitHubSeed => ({
  owners: [
    { login: 'acme', kind: 'organization' },
    { login: 'mona', kind: 'user' },
  ],
  repositories: [
    {
      nameWithOwner: 'acme/shop',
      path: bare,
      protectedBranches: ['main'],
      labels: [{ name: 'bug' }, { name: 'worker', color: '00ff00' }],
      issues: [
        { number: 1, title: 'Add the cart', body: 'Please.', linkedBranches: ['feature'], blockedBy: [2] },
        { number: 2, title: 'Add the price', state: 'CLOSED', labels: ['bug'] },
      ],
    },
    { nameWithOwner: 'acme/plain', path: bare, allowsDrafts: false },
    { nameWithOwner: 'acme/old', path: bare, isArchived: true },
  ],
  boards: [
    {
      owner: 'acme',
      number: 7,
      title: 'Work',
      fields: [
        { name: 'Status', type: 'single-select', options: ['Ready', 'In progress', { name: 'Done', color: 'GREEN' }] },
        { name: 'Spec', type: 'text' },
        { name: 'Story points', type: 'number' },
        { name: 'Due', type: 'date' },
      ],
      items: [
        {
          type: 'issue',
          repository: 'acme/shop',
          number: 1,
          values: { Status: 'Ready', Spec: '.kiro/specs/cart', 'Story points': 3, Due: '2026-12-24' },
        },
        { type: 'issue', repository: 'acme/shop', number: 2, values: { Status: 'Done' } },
        { type: 'draft-issue', title: 'Think about prices', values: { Status: 'In progress' } },
        { type: 'redacted', key: 'hidden', values: { Status: 'Ready' } },
        { type: 'draft-issue', title: 'Shelved', archived: true },
      ],
    },
  ],
});

const WORK = 'work tree';
const BARE = 'shop repository.git';

const makeRepository = async (folder: string): Promise<string> => {
  const work = join(folder, WORK);
  await git(folder, 'init', '-q', '-b', 'main', work);
  await commitFile(work, 'a.txt', 'one\n');
  await git(work, 'branch', 'level');
  await git(work, 'checkout', '-q', '-b', 'feature');
  await commitFile(work, 'b.txt', 'two\n');
  await git(folder, 'clone', '-q', '--bare', work, join(folder, BARE));
  return folder;
};

const once = <T>(make: () => T): (() => T) => {
  const made: { value?: T } = {};
  return () => {
    made.value ??= make();
    return made.value;
  };
};

/** What every fixture begins with is made once for all of them: it takes half a second. */
const schema = once(loadGitHubSchema);
const template = once(() => {
  const folder = mkdtempSync(join(tmpdir(), 'git hub template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return makeRepository(folder);
});

/** A stand-in with the sample seed, in a temporary folder that has a space in its name. */
export const startFixture = async (options: Partial<GitHubOptions> = {}): Promise<Fixture> => {
  const folder = mkdtempSync(join(tmpdir(), 'git hub-'));
  const bare = join(folder, BARE);
  cpSync(await template(), folder, { recursive: true });
  const stateFolder = join(folder, 'state');
  const github = await startGitHub({ stateFolder, tokens, schema: schema(), ...options });
  await github.seed(sampleSeed(bare));
  const apiOf = (token: string) =>
    graphql.defaults({ baseUrl: github.apiUrl, headers: { authorization: `token ${token}` } }) as Fixture['api'];
  return {
    folder,
    bare,
    github,
    api: apiOf(WRITER),
    apiOf,
    remote: (token, nameWithOwner = 'acme/shop') =>
      `${github.serverUrl.replace('://', `://x-access-token:${token}@`)}/${nameWithOwner}.git`,
    close: async () => {
      await github.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type ApiError = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly errors?: readonly { readonly type?: string; readonly message: string; readonly path?: readonly string[] }[];
  readonly response?: { readonly headers: Record<string, string>; readonly data: { readonly message?: string } };
  readonly data?: unknown;
};

/** The error that a call ends in. */
export const failureOf = async (call: Promise<unknown>): Promise<ApiError> => {
  try {
    await call;
  } catch (error) {
    return error as ApiError;
  }
  throw new Error('the call was expected to fail');
};

export const refusalOf = async (call: Promise<unknown>): Promise<string> => {
  const [first] = (await failureOf(call)).errors ?? [];
  return `${first?.type}: ${first?.message}`;
};
