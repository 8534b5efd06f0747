import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { verifyZip } from '../adapters/archive/verify-zip';
import { readZipEntryHead } from '../adapters/archive/zip-content';
import { readZipDirectory } from '../adapters/archive/zip-directory';
import { type AgentArchive, agentProgramsIn, processorOf } from '../domain/agent-archive';
import { WorkerError } from '../domain/errors';

const ELF_HEAD_BYTES = 20;

const depthOf = (name: string): number => name.split('/').length;

/** Looks into a zip that is to be added: what it is, byte for byte, whether it can be an agent at all, and whether builds can unpack it. @throws ValidationError */
export const inspectAgent = async (path: string, now: Date): Promise<AgentArchive> => {
  const entries = await readZipDirectory(path);
  const [name, ...others] = agentProgramsIn(entries.filter(({ bytes }) => bytes > 0).map((entry) => entry.name));
  const program = entries.find((entry) => entry.name === name);
  if (!program)
    throw new WorkerError(
      'ValidationError',
      `${path} holds no program kiro-cli.`,
      'Give the zip that the vendor has for Linux, e.g. kirocli-aarch64-linux-musl.zip.',
    );
  const rival = others.find((other) => depthOf(other) === depthOf(program.name));
  if (rival !== undefined)
    throw new WorkerError(
      'ValidationError',
      `${path} holds two programs kiro-cli: ${JSON.stringify(program.name)} and ${JSON.stringify(rival)}.`,
      'Give the zip that the vendor has for Linux: it holds one.',
    );
  await verifyZip(path, entries);
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
