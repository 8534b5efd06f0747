import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inlineText } from '../../domain/markdown';
import type { Model } from '../github/model';
import { writeFileAtomically } from '../state-folder';
import { type OpenPullRequest, readPullRequests } from './read-board';

const textOf = ({ number, title, body, branch, isDraft, comments }: OpenPullRequest): string =>
  [
    `# ${inlineText(title)}`,
    '',
    `Pull request ${number} of \`${branch}\`, ${isDraft ? 'a draft' : 'ready for review'}.`,
    '',
    body,
    ...comments.flatMap((comment) => ['', '---', '', comment]),
    '',
  ].join('\n');

/** Writes every open pull request as a file that a person can read; gives them with the file's address as their own. */
export const writePullRequests = (
  folder: string,
  model: Model,
): readonly (OpenPullRequest & { readonly url: string })[] =>
  readPullRequests(model).map((pull) => {
    const path = join(folder, `${pull.number}.md`);
    writeFileAtomically(path, textOf(pull));
    return { ...pull, url: pathToFileURL(path).href };
  });
