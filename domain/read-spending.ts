import { artifactPrefix, buildKeys } from './artifact-keys';
import { hasCode } from './errors';
import { parseArtifact } from './parse-artifact';
import { type AgentSpending, spendingSchema } from './spending';

type Deps = {
  readonly artifacts: { readonly readText: (key: string) => Promise<string | null> };
  readonly now: () => Date;
};

/** One run that nobody knows the cost of. */
const unknownRun = (at: Date): AgentSpending => ({
  task: '?',
  startedAt: at.toISOString(),
  endedAt: null,
  credits: null,
});

/**
 * The runs of the agent that an execution's build has written down. No file: no agent has run. One that cannot be read, or is of another item: nobody knows
 * what was spent, and that never counts as nothing.
 */
export const readSpending = async (
  { executionName, itemId }: { readonly executionName: string; readonly itemId: string },
  { artifacts, now }: Deps,
): Promise<readonly AgentSpending[]> => {
  const { spending: key } = buildKeys(artifactPrefix(executionName));
  try {
    const spending = parseArtifact(await artifacts.readText(key), key, spendingSchema);
    return spending.itemId === itemId ? spending.runs : [unknownRun(now())];
  } catch (error) {
    if (hasCode(error, 'ResultMissing')) return [];
    if (hasCode(error, 'ResultInvalid')) return [unknownRun(now())];
    throw error;
  }
};
