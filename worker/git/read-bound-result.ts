import * as z from 'zod';
import type { ArtifactStore } from '../../adapters/aws/artifact-store';
import { buildKeys, checkoutKeys, verdictKey } from '../../domain/artifact-keys';
import { type CheckoutResult, checkoutResultSchema } from '../../domain/build-result';
import { WorkerError } from '../../domain/errors';
import { type Verdict, verdictSchema } from '../../domain/verdict';
import type { PublishEnvironment } from '../env';

const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const boundSchema = z.object({
  base: commit,
  head: commit,
  resultHead: commit,
  bundleKey: z.string().min(1),
  bundleVersionId: z.string().min(1),
  bundleSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What the verdict is about: exactly these commits, in exactly this object. */
export type BoundResult = z.infer<typeof boundSchema> & {
  /** What our own checkout brought in beside. */
  readonly steering: CheckoutResult['steering'];
};

type Deps = { readonly store: Pick<ArtifactStore, 'readText'> };

const mismatch = (message: string): WorkerError =>
  new WorkerError('ArtifactMismatch', message, 'Nothing was pushed. Start the item again.');

const parse = <T>(schema: z.ZodType<T>, key: string, text: string | null): T => {
  if (text === null) throw new WorkerError('ResultMissing', `${key} is not there.`, 'Start the item again.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WorkerError('ResultInvalid', `${key} is not JSON.`, 'Start the item again.', { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join('.');
  throw new WorkerError(
    'ResultInvalid',
    `${key} is wrong at ${place}: ${issue?.message}.`,
    'Deploy the environment again.',
  );
};

const checkOwner = ({ boundTo }: Verdict, { item, lease, verdictKey: key }: PublishEnvironment): void => {
  if (boundTo.itemId !== item.itemId)
    throw mismatch(`The verdict ${key} is about the item ${boundTo.itemId}, not ${item.itemId}.`);
  if (boundTo.fence !== lease.fence)
    throw mismatch(`The verdict ${key} is about another try (fence ${boundTo.fence}, ours is ${lease.fence}).`);
};

/**
 * Reads the pinned verdict and holds it against this execution: its own verdict, of this item and lease, about the commits that *our* checkout recorded (the
 * builder, where foreign code ran, cannot write that record) and the bundle of this build.
 * @throws ArtifactMismatch, ResultMissing, ResultInvalid
 */
export const readBoundResult = async (env: PublishEnvironment, { store }: Deps): Promise<BoundResult> => {
  const ownKey = verdictKey(env.artifactsPrefix.slice('builds/'.length));
  if (env.verdictKey !== ownKey)
    throw mismatch(`VERDICT_KEY is ${env.verdictKey}; this execution's verdict is ${ownKey}.`);
  const verdict = parse(verdictSchema, ownKey, await store.readText(ownKey, env.verdictVersionId));
  checkOwner(verdict, env);
  const bound = parse(boundSchema, ownKey, JSON.stringify(verdict.boundTo));
  const checkoutKey = checkoutKeys(env.artifactsPrefix).result;
  const checkout = parse(checkoutResultSchema, checkoutKey, await store.readText(checkoutKey));
  if (checkout.repository !== env.item.repository || checkout.branch !== env.item.branch)
    throw mismatch(`The checkout was of "${checkout.branch}" of ${checkout.repository}.`);
  if (bound.head !== checkout.head || bound.base !== checkout.base)
    throw mismatch(
      `The verdict is about ${bound.base}..${bound.head}; the checkout recorded ${checkout.base}..${checkout.head}.`,
    );
  const bundleKey = buildKeys(env.artifactsPrefix).bundle;
  if (bound.bundleKey !== bundleKey)
    throw mismatch(`The verdict names the bundle ${bound.bundleKey}; this build's is ${bundleKey}.`);
  if (bound.resultHead === bound.head)
    throw mismatch('The verdict is about a build without commits: there is nothing to push.');
  return { ...bound, steering: checkout.steering };
};
