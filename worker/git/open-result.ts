import { join } from 'node:path';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { readBundleHeader } from '../../adapters/git/bundle-header';
import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import type { Limits } from './limits';
import type { BoundResult } from './read-bound-result';

type Deps = {
  readonly git: Git;
  readonly store: Pick<ArtifactStore, 'download'>;
  readonly workFolder: string;
  readonly limits: Limits;
};

const RESULT = 'refs/heads/result';

const mismatch = (message: string): WorkerError =>
  new WorkerError('ArtifactMismatch', message, 'Nothing was pushed. Start the item again.');

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const download = async (bound: BoundResult, { store, workFolder, limits }: Deps): Promise<string> => {
  const path = join(workFolder, 'result.bundle');
  const { sha256, bytes } = await store.download({ key: bound.bundleKey, versionId: bound.bundleVersionId }, path);
  if (sha256 !== bound.bundleSha256)
    throw mismatch(
      `${bound.bundleKey} is not what the verdict is about: its SHA-256 is ${sha256}, not ${bound.bundleSha256}.`,
    );
  if (bytes > limits.resultBytes)
    throw new WorkerError(
      'ChangeTooLarge',
      `The result bundle has ${bytes} bytes; at most ${limits.resultBytes} are pushed.`,
      'Split the work into smaller specs, and keep generated files out of the repository.',
    );
  return path;
};

/**
 * Brings the result's commits into `git`, which must hold `head` already. The pinned object with the pinned digest, one ref `refs/heads/work`, the commit that
 * the verdict names; every new object is checked as git's fsck does (`git fetch` of a bundle does not, before git 2.46).
 * @throws ArtifactMismatch, ChangeTooLarge
 */
export const openResult = async (bound: BoundResult, deps: Deps): Promise<void> => {
  const { git, workFolder } = deps;
  const path = await download(bound, deps);
  const { refs } = await readBundleHeader(path);
  const [ref] = refs;
  if (refs.length !== 1 || ref?.name !== 'refs/heads/work')
    throw mismatch(`The result bundle holds ${refs.length} refs; exactly refs/heads/work is expected.`);
  if (ref.commit !== bound.resultHead)
    throw mismatch(`The result bundle's tip is ${ref.commit}; the verdict is about ${bound.resultHead}.`);
  const verified = await git.ask(['bundle', 'verify', path]);
  if (verified.exitCode !== 0)
    throw mismatch(`The result bundle does not fit ${bound.head}: ${lastLine(verified.stderr)}.`);

  const fetch = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
  ];
  const fetched = await git.ask([...fetch, path, `+refs/heads/work:${RESULT}`], { protocol: 'file' });
  if (fetched.exitCode !== 0) throw mismatch(`The result bundle cannot be unpacked: ${lastLine(fetched.stderr)}.`);
  await checkObjects(bound, git, join(workFolder, 'new'));
};

/** Packs the new objects on their own and has index-pack check each, and that nothing which they point to is absent. */
const checkObjects = async ({ head, resultHead }: BoundResult, git: Git, prefix: string): Promise<void> => {
  const name = await git.run(['pack-objects', '--quiet', '--revs', prefix], { stdin: `${resultHead}\n^${head}\n` });
  const checked = await git.ask(['index-pack', '--strict', `${prefix}-${name.trim()}.pack`]);
  if (checked.exitCode === 0) return;
  const message = `The result holds an object that git refuses: ${checked.stderr.trim().split('\n')[0]}.`;
  // fsck's names for files that would hurt whoever checks them out (git-fsck(1)).
  if (/hasDot|fullPathname|gitmodules|symlink/i.test(checked.stderr))
    throw new WorkerError('UnsafePath', message, 'Nothing was pushed. Such a file has to be added by a person.');
  throw mismatch(message);
};
