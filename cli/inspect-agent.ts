import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readZipEntryHead } from '../adapters/archive/unpack-zip';
import { readZipDirectory } from '../adapters/archive/zip-directory';
import { type AgentArchive, agentProgramIn, processorOf } from '../domain/agent-archive';
import { WorkerError } from '../domain/errors';

const ELF_HEAD_BYTES = 20;

/** Looks into a zip that is to be added: what it is, byte for byte, and whether it can be an agent at all. @throws ValidationError */
export const inspectAgent = async (path: string, now: Date): Promise<AgentArchive> => {
  const entries = await readZipDirectory(path);
  const name = agentProgramIn(entries.map((entry) => entry.name));
  const program = entries.find((entry) => entry.name === name);
  if (!program)
    throw new WorkerError(
      'ValidationError',
      `${path} holds no program kiro-cli.`,
      'Give the zip that the vendor has for Linux, e.g. kirocli-aarch64-linux-musl.zip.',
    );
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return {
    sha256: hash.digest('hex'),
    bytes: (await stat(path)).size,
    file: basename(path),
    processor: processorOf(await readZipEntryHead(path, program, ELF_HEAD_BYTES)),
    addedAt: now.toISOString(),
  };
};
