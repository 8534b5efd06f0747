import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { publishResultSchema } from '../../../domain/build-result';
import type { ErrorCode } from '../../../domain/errors';
import { git, gitFailure, READER, WRITER } from '../../local/github/github-fixture';
import { type Broker, commit, PREFIX, refusal, sampleItem, sampleLease, startBroker } from '../broker-fixture';
import { type Builder, handOver, published, publishIt, startBuilder, storeBundle } from './result-fixture';

describe('publish', () => {
  let broker: Broker;
  let builder: Builder;

  beforeEach(async () => {
    broker = await startBroker();
    builder = await startBuilder(broker);
  });
  afterEach(() => broker.close());

  const tip = () => broker.tip('feature/cart');
  /** Nothing was pushed, and nothing says that it was. */
  const expectUntouched = async () => {
    expect(await tip()).to.equal(builder.source.head);
    expect(published(broker)).to.equal(null);
  };
  const expectRefusal = async (call: Promise<unknown>, code: ErrorCode, pattern: RegExp) => {
    expect((await refusal(call, code)).message).to.match(pattern);
    await expectUntouched();
  };

  describe('pushes', () => {
    it('exactly the commits of the result, to the feature branch alone, and says so last', async () => {
      await commit(builder.clone, { 'src/cart.js': 'export const cart = [];\n' });
      const head = await commit(builder.clone, { 'src/cart.js': 'export const cart = [1];\n', 'src/shop.js': null });

      const result = await publishIt(broker, await handOver(broker, builder));

      expect(result).to.deep.equal({
        version: 1,
        branch: 'feature/cart',
        before: builder.source.head,
        after: head,
        outcome: 'pushed',
      });
      expect(publishResultSchema.parse(published(broker))).to.deep.equal(result);
      expect(await tip()).to.equal(head);
      expect(await broker.tip('main')).to.equal(builder.source.base);
      expect(await git(broker.bare, 'for-each-ref', '--format=%(refname)')).to.equal(
        'refs/heads/feature/cart\nrefs/heads/main',
      );
      await git(broker.bare, 'fsck', '--strict');
    });

    it('a result whose bundle is complete, too', async () => {
      const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
      await publishIt(broker, await handOver(broker, builder, { refs: ['refs/heads/work'] }));
      expect(await tip()).to.equal(head);
    });

    it('once: a second try finds it there', async () => {
      const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
      const bundled = await handOver(broker, builder);
      await publishIt(broker, bundled);
      const again = await publishIt(broker, bundled, { isCurrent: async () => false });
      expect(again.outcome).to.equal('already-there');
      expect(published(broker)).to.deep.include({ outcome: 'already-there', after: head });
    });

    it('once, when the answer to the push is lost', async () => {
      const head = await commit(builder.clone, { 'src/cart.js': 'x\n' });
      broker.github.faults.add({ kind: 'connection-reset', operation: 'git-receive-pack', afterEffect: true });
      expect((await publishIt(broker, await handOver(broker, builder))).outcome).to.equal('pushed');
      expect(await tip()).to.equal(head);
    });

    it('through a server that is unavailable for a moment', async () => {
      await commit(builder.clone, { 'src/cart.js': 'x\n' });
      broker.github.faults.add({ kind: 'unavailable', status: 502, operation: 'git-receive-pack' });
      expect((await publishIt(broker, await handOver(broker, builder))).outcome).to.equal('pushed');
      expect(broker.pauses).to.have.length(1);
    });

    it('nothing in a dry run, which checks all the same', async () => {
      await commit(builder.clone, { 'src/cart.js': 'x\n' });
      const result = await publishIt(broker, await handOver(broker, builder, { env: { DRY_RUN: 'true' } }));
      expect(result.outcome).to.equal('dry-run');
      expect(await tip()).to.equal(builder.source.head);
      await commit(builder.clone, { '.npmrc': 'x\n' });
      const bad = await handOver(broker, builder, { env: { DRY_RUN: 'true' } });
      await refusal(publishIt(broker, bad), 'ProtectedPathChanged');
    });
  });

  describe('takes nothing but what the verdict is bound to:', () => {
    beforeEach(() => commit(builder.clone, { 'src/cart.js': 'x\n' }));

    it('not a verdict about another item or an earlier try', async () => {
      const item = await handOver(broker, builder, { bound: { itemId: 'PVTI_2' } });
      await expectRefusal(publishIt(broker, item), 'ArtifactMismatch', /about the item PVTI_2, not PVTI_1/);
      const fence = await handOver(broker, builder, { bound: { fence: 7 } });
      await expectRefusal(publishIt(broker, fence), 'ArtifactMismatch', /fence 7, ours is 1/);
    });

    it('not the verdict of another execution', async () => {
      const bundled = await handOver(broker, builder, { env: { VERDICT_KEY: 'verdicts/execution-2.json' } });
      await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', /VERDICT_KEY is verdicts\/execution-2\.json/);
    });

    it('not a verdict that is not there, is cut off, or has another form', async () => {
      const none = await handOver(broker, builder, { env: { VERDICT_VERSION_ID: 'no-such-version' } });
      await expectRefusal(publishIt(broker, none), 'ResultMissing', /verdicts\/execution-1\.json is not there/);
      for (const [text, pattern] of [
        ['{"version":1,', /is not JSON/],
        ['{"version":2}', /is wrong at version/],
      ] as const) {
        const { versionId } = await broker.store.writeText('verdicts/execution-1.json', text);
        const env = { ...none.env, verdictVersionId: versionId };
        await expectRefusal(publishIt(broker, { ...none, env }), 'ResultInvalid', pattern);
      }
    });

    it('not commits other than those that the checkout recorded', async () => {
      const bundled = await handOver(broker, builder, { bound: { head: builder.source.base } });
      await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', /the checkout recorded/);
      const odd = await handOver(broker, builder, { bound: { head: '--upload-pack=touch ran' } });
      await expectRefusal(publishIt(broker, odd), 'ResultInvalid', /is wrong at head/);
    });

    it('not a checkout of another branch', async () => {
      const bundled = await handOver(broker, builder);
      const record = { ...builder.source, branch: 'feature/other' };
      await broker.store.writeText(`${PREFIX}/checkout/checkout.json`, JSON.stringify(record));
      await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', /The checkout was of "feature\/other"/);
    });

    it('not a bundle of another build, and none at all', async () => {
      const other = await handOver(broker, builder, { bound: { bundleKey: 'builds/execution-2/build/result.bundle' } });
      await expectRefusal(publishIt(broker, other), 'ArtifactMismatch', /names the bundle builds\/execution-2/);
      const none = await handOver(broker, builder, {
        bound: { bundleKey: null, bundleVersionId: null, bundleSha256: null },
      });
      await expectRefusal(publishIt(broker, none), 'ResultInvalid', /is wrong at bundleKey/);
    });

    it('not a build without commits', async () => {
      const bundled = await handOver(broker, builder, { bound: { resultHead: builder.source.head } });
      await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', /nothing to push/);
    });

    it('not a version that is gone, nor other bytes under the pinned one', async () => {
      const gone = await handOver(broker, builder, { bound: { bundleVersionId: 'no-such-version' } });
      await expectRefusal(publishIt(broker, gone), 'ResultMissing', /not there in version no-such-version/);
      const other = await handOver(broker, builder, { bound: { bundleSha256: 'a'.repeat(64) } });
      await expectRefusal(publishIt(broker, other), 'ArtifactMismatch', /its SHA-256 is .*, not a{64}/);
    });

    it('the pinned version, even when a newer one lies over it', async () => {
      const bundled = await handOver(broker, builder);
      const junk = join(broker.newFolder(), 'junk');
      writeFileSync(junk, 'not a bundle');
      await storeBundle(broker, junk);
      expect((await publishIt(broker, bundled)).outcome).to.equal('pushed');
    });

    it('not what is no bundle, or one that is cut off', async () => {
      const path = join(broker.newFolder(), 'odd.bundle');
      for (const [content, pattern] of [
        ['', /is not a git bundle/],
        ['# v3 git bundle\n@filter=blob:none\n\nPACK', /not a git bundle of version 2/],
        [`# v2 git bundle\n${'a'.repeat(40)} refs/heads/work\nnonsense\n\nPACK`, /neither a ref nor a prerequisite/],
        [`# v2 git bundle\n${'a'.repeat(70_000)}`, /its head is too long/],
      ] as const) {
        writeFileSync(path, content);
        const { versionId, sha256 } = await storeBundle(broker, path);
        const bundled = await handOver(broker, builder, {
          bound: { bundleVersionId: versionId, bundleSha256: sha256 },
        });
        await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', pattern);
      }
      const resultHead = await git(builder.clone, 'rev-parse', 'work');
      writeFileSync(path, `# v2 git bundle\n${resultHead} refs/heads/work\n\nPACK garbage`);
      const { versionId, sha256 } = await storeBundle(broker, path);
      const cut = await handOver(broker, builder, { bound: { bundleVersionId: versionId, bundleSha256: sha256 } });
      await expectRefusal(publishIt(broker, cut), 'ArtifactMismatch', /cannot be unpacked/);
    });

    it('not a bundle with further refs, or with another ref', async () => {
      await git(builder.clone, 'branch', 'extra');
      const two = await handOver(broker, builder, { refs: ['refs/heads/work', 'refs/heads/extra'] });
      await expectRefusal(publishIt(broker, two), 'ArtifactMismatch', /holds 2 refs/);
      const other = await handOver(broker, builder, { refs: ['refs/heads/extra'] });
      await expectRefusal(publishIt(broker, other), 'ArtifactMismatch', /exactly refs\/heads\/work/);
    });

    it('not a bundle whose tip is another commit', async () => {
      const bundled = await handOver(broker, builder, { bound: { resultHead: 'b'.repeat(40) } });
      await expectRefusal(
        publishIt(broker, bundled),
        'ArtifactMismatch',
        /tip is [0-9a-f]{40}; the verdict is about b{40}/,
      );
    });

    it('not a bundle that builds on commits which the repository does not have', async () => {
      const unknown = await git(builder.clone, 'rev-parse', 'work');
      await commit(builder.clone, { 'src/more.js': 'x\n' });
      const bundled = await handOver(broker, builder, { refs: ['refs/heads/work', `^${unknown}`] });
      await expectRefusal(publishIt(broker, bundled), 'ArtifactMismatch', new RegExp(`does not fit .*${unknown}`));
    });
  });

  describe('pushes only what goes on from the recorded head:', () => {
    it('not a rewritten history', async () => {
      await git(builder.clone, 'commit', '-q', '--amend', '-m', 'rewritten');
      const bundled = await handOver(broker, builder, { refs: ['refs/heads/work'] });
      await expectRefusal(publishIt(broker, bundled), 'NotFastForward', /does not descend from/);
    });

    it('not a history of its own', async () => {
      await git(builder.clone, 'checkout', '-q', '--orphan', 'alone');
      await commit(builder.clone, { 'x.txt': 'x\n' });
      await git(builder.clone, 'branch', '-M', 'alone', 'work');
      const bundled = await handOver(broker, builder, { refs: ['refs/heads/work'] });
      await expectRefusal(publishIt(broker, bundled), 'NotFastForward', /does not descend from/);
    });

    it('not a merge, which could bring in anything', async () => {
      await git(builder.clone, 'checkout', '-q', '-b', 'side', 'origin/base');
      await commit(builder.clone, { 'side.txt': 'x\n' });
      await git(builder.clone, 'checkout', '-q', 'work');
      await git(builder.clone, 'merge', '-q', '--no-ff', '-m', 'merge', 'side');
      await expectRefusal(
        publishIt(broker, await handOver(broker, builder, { refs: ['refs/heads/work'] })),
        'NotFastForward',
        /not a straight line/,
      );
    });
  });

  describe('leaves a branch alone', () => {
    beforeEach(() => commit(builder.clone, { 'src/cart.js': 'x\n' }));

    it('that has moved since the checkout', async () => {
      const bundled = await handOver(broker, builder);
      const theirs = await commit(broker.workTree, { 'theirs.txt': 'x\n' });
      await broker.push(broker.workTree, 'feature/cart');
      const error = await refusal(publishIt(broker, bundled), 'BranchMoved');
      expect(error.message).to.include(`is at ${theirs} now; the build started from ${builder.source.head}`);
      expect(await tip()).to.equal(theirs);
    });

    it('that moves at the very last moment', async () => {
      const bundled = await handOver(broker, builder);
      const theirs = await commit(broker.workTree, { 'theirs.txt': 'x\n' });
      const isCurrent = async () => {
        await broker.push(broker.workTree, 'feature/cart');
        return true;
      };
      const error = await refusal(publishIt(broker, bundled, { isCurrent }), 'BranchMoved');
      expect(error.message).to.match(/"feature\/cart" of acme\/shop was changed by somebody else/);
      expect(await tip()).to.equal(theirs);
      expect(published(broker)).to.equal(null);
    });

    it('that somebody takes back at the very last moment', async () => {
      const bundled = await handOver(broker, builder);
      const isCurrent = async () => {
        await git(broker.bare, 'update-ref', 'refs/heads/feature/cart', builder.source.base);
        return true;
      };
      await refusal(publishIt(broker, bundled, { isCurrent }), 'BranchMoved');
      expect(await tip()).to.equal(builder.source.base);
    });

    it('that somebody removes at the very last moment: it does not come back', async () => {
      const bundled = await handOver(broker, builder);
      const isCurrent = async () => {
        await git(broker.bare, 'update-ref', '-d', 'refs/heads/feature/cart');
        return true;
      };
      await refusal(publishIt(broker, bundled, { isCurrent }), 'BranchMoved');
      expect(await git(broker.bare, 'for-each-ref', '--format=%(refname)')).to.equal('refs/heads/main');
    });

    it('that moves between the look and the fetch', async () => {
      const bundled = await handOver(broker, builder);
      const theirs = await commit(broker.workTree, { 'theirs.txt': 'x\n' });
      broker.github.faults.add({ kind: 'unavailable', status: 502, operation: 'git-upload-pack:refs', after: 1 });
      const pause = () => broker.push(broker.workTree, 'feature/cart');
      await refusal(publishIt(broker, bundled, { pause }), 'BranchMoved');
      expect(await tip()).to.equal(theirs);
    });

    it('that another try brings there between the look and the fetch', async () => {
      const bundled = await handOver(broker, builder);
      broker.github.faults.add({ kind: 'unavailable', status: 502, operation: 'git-upload-pack:refs', after: 1 });
      const pause = () => broker.push(builder.clone, 'work:feature/cart');
      expect((await publishIt(broker, bundled, { pause })).outcome).to.equal('already-there');
    });

    it('that is gone', async () => {
      const bundled = await handOver(broker, builder);
      await git(broker.bare, 'update-ref', '-d', 'refs/heads/feature/cart');
      expect((await refusal(publishIt(broker, bundled), 'BranchNotFound')).message).to.match(/feature\/cart/);
      expect(await gitFailure(broker.bare, 'rev-parse', '--verify', 'refs/heads/feature/cart')).to.match(
        /single revision/,
      );
    });

    it('that has become the default branch', async () => {
      const bundled = await handOver(broker, builder);
      await git(broker.bare, 'symbolic-ref', 'HEAD', 'refs/heads/feature/cart');
      await expectRefusal(publishIt(broker, bundled), 'BranchForbidden', /default branch/);
    });

    it('whose lease somebody else has taken over, by the locks table', async () => {
      const first = await broker.locks.acquire({ item: sampleItem, owner: 'execution-1', dryRun: false });
      if (first.outcome !== 'acquired') throw new Error('the lock was expected to be free');
      const isCurrent = broker.locks.isCurrent;
      const bundled = await handOver(broker, builder);
      expect(first.lease).to.deep.equal(sampleLease);
      await broker.locks.acquire({ item: sampleItem, owner: 'execution-2', dryRun: false });
      await expectRefusal(publishIt(broker, bundled, { isCurrent }), 'LeaseLost', /fence 1\) is no longer current/);
    });
  });

  describe('hands on why GitHub refuses:', () => {
    beforeEach(() => commit(builder.clone, { 'src/cart.js': 'x\n' }));

    it('a token that may not write', async () => {
      const readSecret = async () => READER;
      const bundled = await handOver(broker, builder);
      await expectRefusal(
        publishIt(broker, bundled, { readSecret }),
        'PermissionDenied',
        /Permission to acme\/shop\.git denied to onlooker/,
      );
    });

    it('a wrong token, which is not shown', async () => {
      const wrong = 'ghp_wrongwrongwrong1234567890abcdef';
      const bundled = await handOver(broker, builder);
      const error = await refusal(
        publishIt(broker, bundled, { readSecret: async () => wrong }),
        'AuthenticationFailed',
      );
      expect(JSON.stringify([error.message, error.remedy, error.stack])).not.to.include(wrong);
      await expectUntouched();
    });

    it('a rule of the branch', async () => {
      await git(broker.workTree, 'branch', 'release', 'feature/cart');
      await broker.push(broker.workTree, 'release');
      const guarded = await startBuilder(broker, { branch: 'release' });
      await commit(guarded.clone, { 'src/cart.js': 'x\n' });
      const error = await refusal(publishIt(broker, await handOver(broker, guarded)), 'PushRestricted');
      expect(error.message).to.match(/"release" of acme\/shop: .*protected branch hook declined[\s\S]*GH006/);
      expect(await broker.tip('release')).to.equal(guarded.source.head);
    });

    it('a ruleset that wants signatures', async () => {
      await git(broker.workTree, 'branch', 'signed', 'feature/cart');
      await broker.push(broker.workTree, 'signed');
      const guarded = await startBuilder(broker, { branch: 'signed' });
      await commit(guarded.clone, { 'src/cart.js': 'x\n' });
      const error = await refusal(publishIt(broker, await handOver(broker, guarded)), 'SignedCommitsRequired');
      expect(error.message).to.match(/GH013[\s\S]*- Commits must have verified signatures\./);
      expect(error.remedy).to.match(/base branch only/);
      expect(await broker.tip('signed')).to.equal(guarded.source.head);
    });
  });

  it('works with the token that is in force', async () => {
    await commit(builder.clone, { 'src/cart.js': 'x\n' });
    const asked: string[] = [];
    const readSecret = async (name: string) => {
      asked.push(name);
      return WRITER;
    };
    await publishIt(broker, await handOver(broker, builder), { readSecret });
    expect(asked).to.deep.equal(['git-credentials-of-the-test']);
    expect(broker.lines.join('\n')).not.to.include(WRITER);
  });
});
