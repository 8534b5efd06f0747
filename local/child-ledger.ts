import { existsSync } from 'node:fs';
import * as z from 'zod';
import { readProcessTree, signalProcesses } from '../adapters/process/process-tree';
import { processesWith, processIdentity } from './process-identity';
import { readStateFile, writeFileAtomically } from './state-folder';

const entriesSchema = z.array(z.object({ pid: z.number(), identity: z.string(), mark: z.string() }));
type Entry = z.infer<typeof entriesSchema>[number];

/** The children of this process, on disk: whoever starts after a SIGKILL can end what was left behind. */
export type ChildLedger = {
  /** `mark` is a variable (`NAME=value`) of the child's environment that no other process has. */
  readonly add: (pid: number, mark: string) => void;
  readonly remove: (pid: number) => void;
  /** Ends what an earlier process left running, with everything that it had started. Gives the processes that were ended. */
  readonly endLeftovers: () => readonly number[];
};

/** Only what is provably ours: the recorded process itself, and processes that carry its mark. */
const leftOf = ({ pid, identity, mark }: Entry): readonly number[] => {
  const recorded = identity !== '' && processIdentity(pid) === identity ? [pid] : [];
  return [...recorded, ...processesWith(mark)].flatMap((root) => readProcessTree(root));
};

export const openChildLedger = (file: string): ChildLedger => {
  const left = existsSync(file) ? readStateFile(file, (text) => entriesSchema.parse(JSON.parse(text))) : [];
  const children = new Map<number, Entry>();
  const save = (): void => writeFileAtomically(file, JSON.stringify([...children.values()]));
  return {
    add: (pid, mark) => {
      children.set(pid, { pid, identity: processIdentity(pid), mark });
      save();
    },
    remove: (pid) => {
      if (children.delete(pid)) save();
    },
    endLeftovers: () => {
      const pids = [...new Set(left.flatMap(leftOf))];
      signalProcesses(pids, 'SIGKILL');
      save();
      return pids;
    },
  };
};
