import { artifactPrefix, buildKeys } from './artifact-keys';
import { buildResultSchema } from './build-result';
import { hasCode } from './errors';
import { parseArtifact } from './parse-artifact';

type Deps = { readonly artifacts: { readonly readText: (key: string) => Promise<string | null> } };

/** Whether the build of an execution says that it finished a task. A result that is not there, or cannot be read, says nothing of the kind. */
export const hasFinishedTask = async (executionName: string, { artifacts }: Deps): Promise<boolean> => {
  const { result: key } = buildKeys(artifactPrefix(executionName));
  try {
    const { tasks } = parseArtifact(await artifacts.readText(key), key, buildResultSchema);
    return tasks.some(({ state }) => state === 'done');
  } catch (error) {
    if (hasCode(error, 'ResultMissing', 'ResultInvalid')) return false;
    throw error;
  }
};
