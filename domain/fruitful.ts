import { artifactPrefix, publishKeys, verdictKey } from './artifact-keys';
import { publishResultSchema } from './build-result';
import { hasCode } from './errors';
import { parseArtifact } from './parse-artifact';
import { type Verdict, verdictSchema } from './verdict';

/**
 * Whether what was judged is worth its credits, once it is on its branch: it finishes a task, or all is green.
 * Commits alone are not: the steering package comes as one, too.
 */
export const isFruitful = ({ finishedTasks, kind }: Pick<Verdict, 'finishedTasks' | 'kind'>): boolean =>
  finishedTasks > 0 || kind === 'green';

type Deps = { readonly artifacts: { readonly readText: (key: string) => Promise<string | null> } };

/**
 * The same of an execution that has ended without saying so: what it has published, judged by its verdict; of a dry run: what it would have published.
 * Files that are not there, or cannot be read, say nothing of the kind.
 */
export const hasBorneFruit = async (executionName: string, { artifacts }: Deps): Promise<boolean> => {
  const published = publishKeys(artifactPrefix(executionName)).result;
  const judged = verdictKey(executionName);
  try {
    parseArtifact(await artifacts.readText(published), published, publishResultSchema);
    return isFruitful(parseArtifact(await artifacts.readText(judged), judged, verdictSchema));
  } catch (error) {
    if (hasCode(error, 'ResultMissing', 'ResultInvalid')) return false;
    throw error;
  }
};
