import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { type BuildResult, buildResultSchema, type CheckoutResult } from '../../domain/build-result';
import { type CreditAllowance, unlimitedCredits } from '../../domain/credit-allowance';
import { runBuild } from '../../worker/build/run-build';
import type { BuildEnvironment } from '../../worker/env';

/** Builds drop to this user when the tests run as root; else there is nobody to drop to. */
export const testUser: string | null = process.getuid?.() === 0 ? 'nobody' : null;
export const inWhoseName: string = testUser ? `as "${testUser}"` : 'without a user of its own';

export type Files = Readonly<Record<string, string | { readonly link: string } | null>>;

const PREFIX = 'builds/execution-1';

const gitEnvironment = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Tess Ter',
  GIT_AUTHOR_EMAIL: 'tess@example.com',
  GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
  GIT_COMMITTER_NAME: 'Tess Ter',
  GIT_COMMITTER_EMAIL: 'tess@example.com',
  GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
};

export const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', args, {
    cwd,
    env: gitEnvironment,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Objects on disk, every version of them. */
export const folderStore = (
  folder: string,
): ArtifactStore & { readonly keys: () => readonly string[]; readonly fail: Set<string> } => {
  const versions = new Map<string, string[]>();
  const fail = new Set<string>();
  const pathOf = (key: string, version: number) => join(folder, encodeURIComponent(`${key}.v${version}`));
  const find = (key: string, versionId?: string): string | null => {
    const all = versions.get(key) ?? [];
    return (versionId === undefined ? all.at(-1) : all[Number(versionId.slice(1))]) ?? null;
  };
  const put = (key: string, write: (path: string) => void) => {
    if (fail.has(key)) throw new Error(`cannot write ${key}`);
    const all = versions.get(key) ?? [];
    const path = pathOf(key, all.length);
    mkdirSync(dirname(path), { recursive: true });
    write(path);
    versions.set(key, [...all, path]);
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { key, versionId: `v${all.length}`, sha256, bytes: bytes.length };
  };
  return {
    fail,
    keys: () => [...versions.keys()].sort(),
    download: async ({ key, versionId }, toPath) => {
      const path = find(key, versionId);
      if (!path) throw new Error(`${key} is not there`);
      copyFileSync(path, toPath);
      const bytes = readFileSync(path);
      return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
    },
    upload: async (key, fromPath) => put(key, (path) => copyFileSync(fromPath, path)),
    readText: async (key, versionId) => {
      const path = find(key, versionId);
      return path ? readFileSync(path, 'utf8') : null;
    },
    writeText: async (key, text) => ({ versionId: put(key, (path) => writeFileSync(path, text)).versionId }),
  };
};

const write = (folder: string, files: Files): void => {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    if (content === null) continue;
    if (typeof content === 'string') writeFileSync(path, content);
    else execFileSync('ln', ['-s', content.link, path]);
  }
};

export const SPEC = '.kiro/specs/shop';

export type Scene = {
  /** Files of the base branch, and what the feature branch adds to them (null: deletes). */
  readonly base?: Files;
  readonly feature?: Files;
  /** What the base branch has got since the feature branch left it. */
  readonly later?: Files;
  /** Of the feature branch's commit; default "Spec". */
  readonly featureMessage?: string;
  readonly tasks?: string;
  readonly settings?: string | null;
  readonly agent?: string | BuildEnvironment['agent'];
  readonly user?: string | null;
  readonly timeoutMinutes?: number;
  readonly threshold?: number;
  readonly passedVariables?: Readonly<Record<string, string>>;
  /** What reading any secret gives, or does. */
  readonly secret?: string | (() => Promise<string>);
  readonly credits?: CreditAllowance;
  readonly signal?: AbortSignal;
  readonly onLog?: (line: string) => void;
  readonly now?: () => Date;
};

export type BuildGround = {
  readonly folder: string;
  readonly source: string;
  readonly store: ReturnType<typeof folderStore>;
  readonly lines: string[];
  readonly checkout: CheckoutResult;
  readonly env: BuildEnvironment;
  readonly run: () => Promise<BuildResult>;
  /** The error that the build ends with. */
  readonly fail: () => Promise<Error & { readonly code?: string; readonly remedy?: string; readonly logs?: unknown }>;
  /** A file of the result's tip; null when it is not there. */
  readonly show: (path: string, result: BuildResult) => string | null;
  /** Paths that a commit changes. */
  readonly changed: (commit: string) => readonly string[];
  readonly text: (key: string) => string;
  readonly logText: (name: string) => string;
  readonly remove: () => void;
};

const SETTINGS = 'install: {command: ""}\ntest: {command: "sh test.sh"}\n';
const TASKS = '# Implementation Plan\n\n- [ ] 1. Do it\n  - _Requirements: 1.1_\n';

const makeSource = (folder: string, scene: Scene): string => {
  const { base, feature, later, featureMessage = 'Spec', tasks = TASKS, settings = SETTINGS } = scene;
  const source = join(folder, 'source');
  mkdirSync(source);
  git(source, 'init', '-q', '-b', 'main');
  write(source, {
    'README.md': 'Shop\n',
    'test.sh': 'exit 0\n',
    ...(settings === null ? {} : { 'kiro-worker.yml': settings }),
    ...base,
  });
  git(source, 'add', '-A', '-f');
  git(source, 'commit', '-q', '--allow-empty', '-m', 'Base');
  git(source, 'switch', '-q', '-c', 'feature/shop');
  write(source, {
    [`${SPEC}/tasks.md`]: tasks,
    [`${SPEC}/requirements.md`]:
      '### Requirement 1\n\n#### Acceptance Criteria\n\n1. WHEN asked THEN it SHALL answer\n',
    ...feature,
  });
  git(source, 'add', '-A', '-f');
  git(source, 'commit', '-q', '-m', featureMessage);
  if (!later) return source;
  git(source, 'switch', '-q', 'main');
  write(source, later);
  git(source, 'add', '-A', '-f');
  git(source, 'commit', '-q', '-m', 'Later');
  git(source, 'switch', '-q', 'feature/shop');
  return source;
};

const storeCheckout = async (source: string, folder: string, store: ArtifactStore): Promise<CheckoutResult> => {
  git(source, 'update-ref', 'refs/heads/base', 'main');
  git(source, 'update-ref', 'refs/heads/work', 'feature/shop');
  const path = join(folder, 'source.bundle');
  git(source, 'bundle', 'create', '-q', path, 'refs/heads/base', 'refs/heads/work');
  const checkout: CheckoutResult = {
    version: 1,
    repository: 'acme/shop',
    branch: 'feature/shop',
    baseBranch: 'main',
    base: git(source, 'rev-parse', 'main').trim(),
    head: git(source, 'rev-parse', 'feature/shop').trim(),
    specFiles: [],
    steering: null,
    bundle: await store.upload(`${PREFIX}/checkout/source.bundle`, path),
  };
  await store.writeText(`${PREFIX}/checkout/checkout.json`, JSON.stringify(checkout));
  return checkout;
};

const environmentOf = ({
  agent = 'echo done > done.txt',
  user = testUser,
  timeoutMinutes = 5,
  threshold = 80,
  passedVariables = {},
  credits = unlimitedCredits,
}: Scene): BuildEnvironment => ({
  passedVariables,
  credits,
  mode: 'build',
  environment: 'test',
  releasesBucket: 'releases',
  release: 'release-1',
  region: 'eu-central-1',
  accountId: null,
  buildId: 'builder:1',
  artifactsBucket: 'artifacts',
  artifactsPrefix: PREFIX,
  item: {
    itemId: 'PVTI_1',
    projectId: 'PVT_1',
    issueId: 'I_1',
    issueNumber: 1,
    title: 'Shop',
    url: 'https://example.com/1',
    repository: 'acme/shop',
    repositoryId: 'R_1',
    branch: 'feature/shop',
    baseBranch: 'main',
    specPath: SPEC,
    priority: null,
    createdAt: '2026-01-05T09:00:00Z',
  },
  lease: { itemId: 'PVTI_1', owner: 'execution-1', fence: 7, attempt: 1, slot: 0 },
  dryRun: false,
  searchPath: process.env.PATH ?? '',
  coverageThreshold: threshold,
  agent: typeof agent === 'string' ? { kind: 'command', command: agent } : agent,
  buildUser: user,
  timeoutMinutes,
});

/** A repository, its checkout in a store, and a build of it: everything real, on this machine, in a folder that `remove` takes away. */
export const prepareBuild = async (scene: Scene = {}): Promise<BuildGround> => {
  const folder = mkdtempSync(join(tmpdir(), 'build ground-'));
  chmodSync(folder, 0o755); // the build user has to pass through
  mkdirSync(join(folder, 'outside')); // and may leave things there: ../../outside as seen from the work tree
  chmodSync(join(folder, 'outside'), 0o777);
  const store = folderStore(join(folder, 'objects'));
  const source = makeSource(folder, scene);
  const checkout = await storeCheckout(source, folder, store);
  const env = environmentOf(scene);
  const lines: string[] = [];
  const start = () =>
    runBuild(env, {
      store,
      releases: store,
      pause: async () => undefined,
      readSecret: async () => (typeof scene.secret === 'function' ? scene.secret() : (scene.secret ?? '')),
      log: (line) => {
        lines.push(line);
        scene.onLog?.(line);
      },
      now: scene.now ?? (() => new Date()),
      signal: scene.signal ?? new AbortController().signal,
      searchPath: env.searchPath,
      workFolder: join(folder, `work-${readdirSync(folder).length}`),
    });
  const text = (key: string): string => {
    const path = join(folder, 'objects');
    const found = readdirSync(path)
      .filter((name) => name.startsWith(encodeURIComponent(`${PREFIX}/${key}.v`)))
      .at(-1);
    return readFileSync(join(path, found ?? key), 'utf8');
  };
  return {
    folder,
    source,
    store,
    lines,
    checkout,
    env,
    text,
    run: async () => {
      await start();
      const result = buildResultSchema.parse(JSON.parse(text('build/result.json')));
      if (result.bundle) {
        const bundle = join(folder, 'result.bundle');
        await store.download(result.bundle, bundle);
        git(source, 'fetch', '-q', bundle, '+refs/heads/work:refs/heads/result');
      }
      return result;
    },
    fail: async () => {
      try {
        await start();
      } catch (error) {
        return error as Error;
      }
      throw new Error(`the build succeeded:\n${lines.join('\n')}`);
    },
    show: (path, result) => {
      try {
        return git(source, 'cat-file', 'blob', `${result.resultHead}:${path}`);
      } catch {
        return null;
      }
    },
    changed: (commit) =>
      git(source, 'diff-tree', '-r', '-z', '--no-commit-id', '--name-only', commit).split('\0').filter(Boolean),
    logText: (name) => text(`build/logs/${name}`),
    remove: () => {
      if (!existsSync(folder)) return;
      execFileSync('sh', ['-c', 'chmod -R u+rwX "$1"; rm -rf "$1"', 'sh', folder], { stdio: 'ignore' });
    },
  };
};
