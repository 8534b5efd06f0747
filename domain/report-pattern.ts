import * as z from 'zod';
import { specPathProblem } from './spec-path';

/** `*` and `?` stand for parts of a name, `**` for folders. */
const WILDCARD = /[*?]/;

export const isPattern = (path: string): boolean => WILDCARD.test(path);

/** A path inside the repository, which may hold wildcards. */
export const reportPatternSchema = z.string().superRefine((path, context) => {
  const problem = specPathProblem(path.replace(/[*?]+/g, 'x'));
  if (problem) context.addIssue({ code: 'custom', message: `the path "${path}" cannot be used: ${problem}` });
});

/** The folder that holds all that a pattern can match; "" for the root. */
export const folderOfPattern = (pattern: string): string => {
  const parts = pattern.split('/');
  const first = parts.findIndex(isPattern);
  return parts.slice(0, first < 0 ? -1 : first).join('/');
};

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

const namePattern = (part: string): string => escaped(part).replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]');

/** Whether a path is what the pattern means. */
export const patternMatcher = (pattern: string): ((path: string) => boolean) => {
  const parts = pattern.split('/').map((part) => (part === '**' ? '(?:[^/]+/)*' : `${namePattern(part)}/`));
  const expression = new RegExp(`^${parts.join('')}$`);
  return (path) => expression.test(`${path}/`);
};

/** Whether anything below a folder can be what the pattern means: who looks for `packages/<any>/lcov.info` need not look at all that packages hold. */
export const folderMatcher = (pattern: string): ((folder: string) => boolean) => {
  const parts = pattern.split('/');
  const stars = parts.indexOf('**');
  const named = parts.slice(0, stars < 0 ? -1 : stars).map((part) => new RegExp(`^${namePattern(part)}$`));
  return (folder) => {
    const names = folder.split('/');
    return (
      (stars >= 0 || names.length <= named.length) &&
      named.every((name, at) => name.test(names[at] ?? 'x') || at >= names.length)
    );
  };
};
