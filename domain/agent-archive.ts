import * as z from 'zod';

/** Where the zip of a digest lies in the releases bucket. What it is called says what is in it, so it never changes. */
export const agentArchiveKey = (sha256: string): string => `${AGENT_ARCHIVES}${sha256}.zip`;
export const AGENT_ARCHIVES = 'agents/';

/** What is written down beside the zip, as `SHA256.json`. */
export const agentArchiveSchema = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  /** Its name where it came from. */
  file: z.string(),
  /** What its program is for; null when that is no Linux program. */
  processor: z.string().nullable(),
  addedAt: z.iso.datetime(),
});
export type AgentArchive = z.infer<typeof agentArchiveSchema>;

/** The program's name in every distribution of the Kiro CLI. */
const PROGRAM = 'kiro-cli';

/** The programs in an archive that may be the agent, the one that lies highest first: `kirocli/bin/kiro-cli` in the vendor's own. */
export const agentProgramsIn = (names: readonly string[]): readonly string[] =>
  names
    .filter((name) => name === PROGRAM || name.endsWith(`/${PROGRAM}`))
    .sort((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b));

/** Where in an archive the agent's program lies; null when there is none. */
export const agentProgramIn = (names: readonly string[]): string | null => agentProgramsIn(names)[0] ?? null;

/** `e_machine` of an ELF header for the processors that builders have. */
const MACHINES: Readonly<Record<number, string>> = { 62: 'x86_64', 183: 'aarch64' };

/** The processor that a Linux program is for, from its first 20 bytes; null when it is no such program. */
export const processorOf = (head: Uint8Array): string | null => {
  const [a, b, c, d] = head;
  if (a !== 0x7f || b !== 0x45 || c !== 0x4c || d !== 0x46 || head.length < 20) return null;
  const machine = (head[18] ?? 0) + (head[19] ?? 0) * 256;
  return MACHINES[machine] ?? `machine ${machine}`;
};
