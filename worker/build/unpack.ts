import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import type { Git } from '../../adapters/git/git';
import { checkoutKeys } from '../../domain/artifact-keys';
import { type CheckoutResult, checkoutResultSchema } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import type { WorkItem } from '../../domain/work-item';

/** The refs of the bundle, and of the repository that is made of it. */
export const BASE = 'refs/heads/base';
export const WORK = 'refs/heads/work';
/** The base branch, with the steering package where there is one: what is protected is as it is there. */
export const GUARD = 'refs/heads/guard';

/**
 * Never committed unless the repository has them already: what tests and tools write beside the sources, in repositories whose .gitignore forgets it.
 */
const GENERATED = [
  'node_modules/',
  '/coverage/',
  '/.nyc_output/',
  '__pycache__/',
  '*.pyc',
  '.pytest_cache/',
  '/.venv/',
];

type Input = { readonly item: Pick<WorkItem, 'branch' | 'repository'>; readonly artifactsPrefix: string };
type Deps = {
  readonly store: Pick<ArtifactStore, 'download' | 'readText'>;
  readonly git: Git;
  /** For the bundle. */
  readonly privateFolder: string;
};

const readCheckout = async ({ item, artifactsPrefix }: Input, { store }: Deps): Promise<CheckoutResult> => {
  const { result: key } = checkoutKeys(artifactsPrefix);
  const text = await store.readText(key);
  if (text === null) throw new WorkerError('ResultMissing', `The checkout left no ${key}.`, 'Run the item again.');
  const invalid = (why: string) =>
    new WorkerError('ResultInvalid', `${key} cannot be used: ${why}.`, 'Worker and pipeline must be of one release.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  const parsed = checkoutResultSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.map(String).join('.')}: ${issue?.message}`);
  }
  const { branch, repository } = parsed.data;
  if (branch === item.branch && repository === item.repository) return parsed.data;
  throw invalid(`it is of "${branch}" of ${repository}, the item of "${item.branch}" of ${item.repository}`);
};

/** The commit that the work starts from: the branch as it is on the server, or the steering commit on top of it. */
export const startOf = ({ head, steering }: CheckoutResult): string => steering?.commit ?? head;

/**
 * Makes the supervisor's own repository of exactly the bundle that the checkout stored. Nothing is checked out.
 * @throws ResultMissing, ResultInvalid, ArtifactMismatch
 */
export const unpack = async (input: Input, deps: Deps): Promise<CheckoutResult> => {
  const checkout = await readCheckout(input, deps);
  const { bundle, base, steering } = checkout;
  const path = join(deps.privateFolder, 'source.bundle');
  const mismatch = (what: string) =>
    new WorkerError('ArtifactMismatch', `The bundle ${bundle.key} is not what the checkout stored: ${what}.`);
  const { sha256 } = await deps.store.download({ key: bundle.key, versionId: bundle.versionId }, path);
  if (sha256 !== bundle.sha256) throw mismatch(`its SHA-256 is ${sha256}, not ${bundle.sha256}`);

  const { git } = deps;
  // Readable for the build user: its own disposable repository borrows these objects.
  await git.run(['init', '--quiet', '--bare', '--template=', '--shared=0644']);
  await mkdir(join(git.gitDir, 'info'), { recursive: true });
  await writeFile(join(git.gitDir, 'info', 'exclude'), `${GENERATED.join('\n')}\n`);
  const refs = [`${BASE}:${BASE}`, `${WORK}:${WORK}`, ...(steering ? [`${GUARD}:${GUARD}`] : [])];
  await git.run(['fetch', '--quiet', '--no-tags', path, ...refs], { protocol: 'file' });
  if (!steering) await git.run(['update-ref', GUARD, base]);
  const tips = await git.run(['rev-parse', `${BASE}^{commit}`, `${WORK}^{commit}`, `${GUARD}^{commit}`]);
  if (tips.trim() !== [base, startOf(checkout), steering?.guard ?? base].join('\n'))
    throw mismatch('its branches point elsewhere');
  return checkout;
};
