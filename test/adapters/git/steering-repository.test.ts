import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { openSteeringRepository, STEERING_REF } from '../../../adapters/git/steering-repository';
import type { WorkerError } from '../../../domain/errors';
import { git } from '../../local/github/github-fixture';
import { temporaryFolder } from '../../support/temporary-folder';

describe('openSteeringRepository', () => {
  const folder = temporaryFolder();
  const open = (fetch: (gitDir: string, signal: AbortSignal) => Promise<void>, signal?: AbortSignal) =>
    openSteeringRepository('', {
      workFolder: folder(),
      searchPath: process.env.PATH ?? '',
      fetch,
      mostBytes: 1_000_000,
      ...(signal ? { signal } : {}),
    });
  /** A fetch that never ends by itself. */
  const endless = (write: (gitDir: string) => void) => async (gitDir: string, signal: AbortSignal) => {
    while (!signal.aborted) {
      write(gitDir);
      await pause(20);
    }
    throw new Error('ended from outside');
  };

  it('ends a fetch that brings more than a package is worth', async () => {
    const error = await open(
      endless((gitDir) => writeFileSync(join(gitDir, 'tmp_pack'), randomBytes(100_000), { flag: 'a' })),
    ).catch((failure: WorkerError) => failure);
    expect(error).to.include({ name: 'SteeringInvalid' });
    expect((error as Error).message).to.contain('its repository has more than 1000000 bytes');
  });

  it('ends when it is interrupted, and says what fetch says otherwise', async () => {
    const stop = new AbortController();
    const error = await open(
      endless(() => stop.abort()),
      stop.signal,
    ).catch((failure: Error) => failure);
    expect((error as Error).message).to.equal('ended from outside');
  });

  it('reads the commit that was fetched', async () => {
    await git('/', 'init', '-q', join(folder(), 'rules'));
    writeFileSync(join(folder(), 'rules', 'a.md'), 'rules');
    await git(join(folder(), 'rules'), 'add', '-A');
    await git(join(folder(), 'rules'), 'commit', '-qm', 'rules');
    const { read, commit } = await open(async (gitDir) => {
      await git(gitDir, 'fetch', '-q', join(folder(), 'rules'), `HEAD:${STEERING_REF}`);
    });
    expect(commit).to.equal(await git(join(folder(), 'rules'), 'rev-parse', 'HEAD'));
    expect((await read('a.md', 5)).toString()).to.equal('rules');
    expect(await read('a.md', 4).catch((failure: Error) => failure.message)).to.contain('has 5 bytes; at most 4');
  });
});
