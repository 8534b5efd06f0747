import { join } from 'node:path';
import type { CheckoutResult, PublishResult } from '../../../domain/build-result';
import type { Verdict } from '../../../domain/verdict';
import type { WorkItem } from '../../../domain/work-item';
import { checkout } from '../../../worker/git/checkout';
import { type PublishDeps, publish } from '../../../worker/git/publish';
import { git } from '../../local/github/github-fixture';
import { type Broker, BUCKET, PREFIX, sampleLease } from '../broker-fixture';

const VERDICT_KEY = 'verdicts/execution-1.json';

/** What the builder would have: its own clone of the checkout's bundle, on the feature branch. */
export type Builder = { readonly clone: string; readonly source: CheckoutResult };

export const startBuilder = async (broker: Broker, item: Partial<WorkItem> = {}): Promise<Builder> => {
  const source = await checkout(broker.checkoutEnv(item), broker.deps());
  const folder = broker.newFolder();
  const bundle = join(folder, 'source.bundle');
  await broker.store.download(source.bundle, bundle);
  const clone = join(folder, 'clone');
  await git(folder, 'clone', '-q', '-b', 'work', bundle, clone);
  return { clone, source };
};

type BoundTo = Verdict['boundTo'];
export type Bundled = { readonly env: ReturnType<Broker['publishEnv']>; readonly bound: BoundTo };

/** Writes a verdict and gives the environment of a publish that is pinned to it. */
const judge = async (
  broker: Broker,
  bound: BoundTo,
  extra: Record<string, string>,
  item: Partial<WorkItem>,
): Promise<Bundled> => {
  const verdict: Verdict = {
    version: 1,
    kind: 'green',
    reasons: [],
    finishedTasks: 1,
    threshold: 80,
    coverage: { before: null, after: null },
    changedLines: null,
    ambiguousPaths: [],
    boundTo: bound,
    decidedAt: '2026-11-02T10:00:00.000Z',
  };
  const { versionId } = await broker.store.writeText(VERDICT_KEY, JSON.stringify(verdict));
  return { env: broker.publishEnv({ VERDICT_KEY, VERDICT_VERSION_ID: versionId, ...extra }, item), bound };
};

/** Stores a bundle as the builder does. */
export const storeBundle = async (broker: Broker, bundle: string) =>
  broker.store.upload(`${PREFIX}/build/result.bundle`, bundle);

/** Bundles what the clone has on `work` (or what `refs` say) and has it judged. */
export const handOver = async (
  broker: Broker,
  { clone, source }: Builder,
  options: {
    readonly refs?: readonly string[];
    readonly bound?: Partial<BoundTo>;
    readonly env?: Record<string, string>;
  } = {},
): Promise<Bundled> => {
  const bundle = join(broker.newFolder(), 'result.bundle');
  await git(clone, 'bundle', 'create', '-q', bundle, ...(options.refs ?? ['refs/heads/work', `^${source.head}`]));
  const stored = await storeBundle(broker, bundle);
  const bound = {
    itemId: sampleLease.itemId,
    fence: sampleLease.fence,
    base: source.base,
    head: source.head,
    resultHead: await git(clone, 'rev-parse', 'work'),
    bundleKey: stored.key,
    bundleVersionId: stored.versionId,
    bundleSha256: stored.sha256,
    ...options.bound,
  };
  return judge(broker, bound, options.env ?? {}, { branch: source.branch });
};

const publishDeps = (broker: Broker, extra: Partial<PublishDeps> = {}): PublishDeps => ({
  ...broker.deps(),
  isCurrent: async () => true,
  secrets: [],
  ...extra,
});

export const publishIt = (broker: Broker, { env }: Bundled, extra: Partial<PublishDeps> = {}): Promise<PublishResult> =>
  publish(env, publishDeps(broker, extra));

export const published = (broker: Broker): unknown => {
  const text = broker.objects.readText(BUCKET, `${PREFIX}/publish/publish.json`);
  return text === null ? null : JSON.parse(text);
};
