import { localAgentArchives } from './compose-agents';
import { inspectAgent } from './inspect-agent';
import type { LocalSession } from './open-local';

/** Puts an agent's zip into the releases bucket of a cloud on this machine. */
export const addAgentZip = async (path: string, { worker }: LocalSession): Promise<void> => {
  const { archives, close } = localAgentArchives(worker.cloud);
  try {
    await archives.add(path, await inspectAgent(path, new Date()));
  } finally {
    close();
  }
};
