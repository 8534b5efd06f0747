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

/** Whether a path is what the pattern means. */
export const patternMatcher = (pattern: string): ((path: string) => boolean) => {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    return `${escaped(part).replace(/\*+/g, '[^/]*').replace(/\?/g, '[^/]')}/`;
  });
  const expression = new RegExp(`^${parts.join('')}$`);
  return (path) => expression.test(`${path}/`);
};
