import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { AGENT_ARCHIVES, type AgentArchive, agentArchiveKey, agentArchiveSchema } from '../../domain/agent-archive';
import type { RetryDeps } from '../../domain/retry-transient';
import { createArtifactStore } from './artifact-store';
import { translateAwsError } from './translate-aws-error';

type Bucket = { readonly bucket: string; readonly accountId: string | null };
type Deps = RetryDeps & { readonly client: Pick<S3Client, 'send'> };

/** The agents in a releases bucket. */
export type AgentArchives = {
  /** Repeating it is harmless: the key is the digest. @throws PermissionDenied, NotFound, AwsUnavailable */
  readonly add: (path: string, archive: AgentArchive) => Promise<'added' | 'already-there'>;
  /** The one that was added first comes first. */
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
  const keys = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (let token: string | undefined; ; ) {
      const page = await listPage(token);
      found.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
      if (!token) return found;
    }
  };
  return {
    add: async (path, archive) => {
      const { sha256 } = archive;
      if ((await keys()).includes(factsKey(sha256))) return 'already-there';
      await store.upload(agentArchiveKey(sha256), path, 'application/zip');
      await store.writeText(factsKey(sha256), JSON.stringify(archive)); // last: what is listed is complete
      return 'added';
    },
    list: async () => {
      const facts = (await keys()).filter((key) => key.endsWith('.json'));
      const archives = await Promise.all(facts.map(async (key) => parseFacts(await store.readText(key))));
      return archives.flat().sort((a, b) => a.addedAt.localeCompare(b.addedAt));
    },
  };
};
