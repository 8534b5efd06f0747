import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unpackZip } from '../../../adapters/archive/unpack-zip';
import type { ArtifactStore } from '../../../adapters/aws/artifact-store';
import { agentArchiveKey, agentProgramIn } from '../../../domain/agent-archive';
import { hasCode, WorkerError } from '../../../domain/errors';
import type { KiroProgram } from './kiro-agent';

/** A zip in the releases bucket, by its digest. */
export type AgentPin = { readonly sha256: string };

type Deps = {
  readonly store: Pick<ArtifactStore, 'download'>;
  /** The supervisor's own. */
  readonly privateFolder: string;
  /** Where it is unpacked: readable and executable for the build user, and writable for the supervisor alone. */
  readonly agentFolder: string;
  readonly searchPath: string;
  readonly log: (line: string) => void;
};

const add = (sha256: string): string => `Add it with: kiro-worker agent add FILE. Its SHA-256 must be ${sha256}.`;

/**
 * Fetches the pinned zip, takes it only if it is exactly that one, and unpacks it. The supervisor does all this: nothing of a repository has run yet, and nothing of it can reach the result.
 * @throws AgentNotFound, ArtifactMismatch, ValidationError, DiskFull
 */
export const installPinnedAgent = async ({ sha256 }: AgentPin, deps: Deps): Promise<KiroProgram> => {
  const key = agentArchiveKey(sha256);
  const zip = join(deps.privateFolder, 'agent.zip');
  try {
    const arrived = await deps.store.download({ key }, zip).catch((error: unknown) => {
      // To whom must not list the bucket, S3 says of what is not there that it is denied.
      if (!hasCode(error, 'ResultMissing', 'PermissionDenied')) throw error;
      const what = `The pinned agent ${key} is not in the releases bucket, or not to be read there.`;
      throw new WorkerError('AgentNotFound', what, add(sha256), { cause: error });
    });
    if (arrived.sha256 !== sha256)
      throw new WorkerError(
        'ArtifactMismatch',
        `${key} has the SHA-256 ${arrived.sha256} and not the one that is pinned.`,
        add(sha256),
      );
    const entries = await unpackZip(zip, deps.agentFolder, (name) => /(?:^|\/)(?:bin\/[^/]+|kiro-cli)$/.test(name));
    const program = agentProgramIn(entries.map(({ name }) => name));
    if (program === null)
      throw new WorkerError('AgentNotFound', `The pinned agent ${key} holds no program kiro-cli.`, add(sha256));
    deps.log(`installed the pinned agent ${sha256} (${arrived.bytes} bytes)`);
    const binary = join(deps.agentFolder, program);
    return { binary, searchPath: `${dirname(binary)}:${deps.searchPath}` };
  } finally {
    await rm(zip, { force: true });
  }
};
