import { join } from 'node:path';
import { previewKey } from '../../domain/artifact-keys';
import type { Report } from '../../local/report/report';
import type { LocalWorker } from '../../local/run';
import { writeFileAtomically } from '../../local/state-folder';

/** Writes the pull requests that a dry run would have opened to files that a person can read; gives their paths. */
export const writePreviews = (
  { items, stateFolder, startedAt }: Report,
  { cloud: { objects, names } }: Pick<LocalWorker, 'cloud'>,
): readonly string[] =>
  items.flatMap(({ number, executionId, steps }) => {
    const isOfThisRun = steps.some((step) => Date.parse(step.startedAt) >= Date.parse(startedAt));
    const name = executionId?.split(':').at(-1);
    const text = isOfThisRun && name ? objects.readText(names.artifactsBucket, previewKey(name)) : null;
    if (text === null) return [];
    const path = join(stateFolder, 'pull-requests', `${number}.md`);
    writeFileAtomically(path, text);
    return [path];
  });
