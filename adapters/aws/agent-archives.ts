import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { AGENT_ARCHIVES, type AgentArchive, agentArchiveKey, agentArchiveSchema } from '../../domain/agent-archive';
import { WorkerError } from '../../domain/errors';
import type { RetryDeps } from '../../domain/retry-transient';
import { createArtifactStore } from './artifact-store';
import { translateAwsError } from './translate-aws-error';

type Bucket = { readonly bucket: string; readonly accountId: string | null };
type Deps = RetryDeps & { readonly client: Pick<S3Client, 'send'> };

/** The agents in a releases bucket. */
export type AgentArchives = {
  /** Repeating it is harmless: the key is the digest. @throws ArtifactMismatch, PermissionDenied, NotFound, AwsUnavailable */
  readonly add: (path: string, archive: AgentArchive) => Promise<'added' | 'already-there'>;
  /** Those whose zip is there, the one that was added first comes first. */
  readonly list: () => Promise<readonly AgentArchive[]>;
};

const factsKey = (sha256: string): string => agentArchiveKey(sha256).replace(/\.zip$/, '.json');

const parseFacts = (text: string | null): readonly AgentArchive[] => {
  try {
    return [agentArchiveSchema.parse(JSON.parse(text ?? ''))];
  } catch {
    return []; // taken away while we looked, or not ours
  }
};

export const s3AgentArchives = ({ bucket, accountId }: Bucket, deps: Deps): AgentArchives => {
  const store = createArtifactStore({ bucket, accountId }, deps);
  const listPage = (token: string | undefined): Promise<ListObjectsV2CommandOutput> =>
    deps.client
      .send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: AGENT_ARCHIVES,
          ContinuationToken: token,
          ...(accountId ? { ExpectedBucketOwner: accountId } : {}),
        }),
      )
      .catch((error: unknown) => {
        throw translateAwsError(error, `list s3://${bucket}/${AGENT_ARCHIVES}`);
      });
  /** What lies there, with its size. */
  const sizes = async (): Promise<ReadonlyMap<string, number>> => {
    const found = new Map<string, number>();
    for (let token: string | undefined; ; ) {
      const page = await listPage(token);
      for (const { Key, Size } of page.Contents ?? []) if (Key) found.set(Key, Size ?? 0);
      token = page.NextContinuationToken;
      if (!token) return found;
    }
  };
  const isThere = ({ sha256, bytes }: AgentArchive, found: ReadonlyMap<string, number>): boolean =>
    found.get(agentArchiveKey(sha256)) === bytes;
  return {
    add: async (path, archive) => {
      const { sha256 } = archive;
      const found = await sizes();
      if (found.has(factsKey(sha256)) && isThere(archive, found)) return 'already-there';
      const stored = await store.upload(agentArchiveKey(sha256), path, 'application/zip');
      if (stored.sha256 !== sha256)
        throw new WorkerError('ArtifactMismatch', `${path} has changed while it was added.`, 'Add it again.');
      await store.writeText(factsKey(sha256), JSON.stringify(archive)); // last: what is listed is complete
      return 'added';
    },
    list: async () => {
      const found = await sizes();
      const facts = [...found.keys()].filter((key) => key.endsWith('.json'));
      const archives = await Promise.all(facts.map(async (key) => parseFacts(await store.readText(key))));
      return archives
        .flat()
        .filter((archive) => isThere(archive, found))
        .sort((a, b) => a.addedAt.localeCompare(b.addedAt));
    },
  };
};
