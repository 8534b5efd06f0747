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

type Sequence<T> = { readonly length: number; readonly [index: number]: T };

/**
 * Whether tokens stand for items, one for one, where a star stands for any number of them. Takes at most the product of both lengths, because going back to the latest star is enough:
 * a build chooses what its files are called, and a regular expression would try every way to share a name out among the stars.
 */
const standFor = <T>(
  tokens: Sequence<T>,
  items: Sequence<T>,
  star: T,
  isOne: (token: T, item: T) => boolean,
): boolean => {
  let token = 0;
  let item = 0;
  let latestStar = -1;
  let taken = 0;
  while (item < items.length) {
    if (tokens[token] === star) {
      latestStar = token;
      taken = item;
      token += 1;
    } else if (token < tokens.length && isOne(tokens[token] as T, items[item] as T)) {
      token += 1;
      item += 1;
    } else if (latestStar >= 0) {
      taken += 1;
      item = taken;
      token = latestStar + 1;
    } else return false;
  }
  while (tokens[token] === star) token += 1;
  return token === tokens.length;
};

const isCharacter = (token: string, character: string): boolean => token === '?' || token === character;

const isName = (part: string, name: string): boolean => standFor(part, name, '*', isCharacter);

/** Whether a path is what the pattern means. */
export const patternMatcher = (pattern: string): ((path: string) => boolean) => {
  const parts = pattern.split('/');
  return (path) => standFor(parts, path.split('/'), '**', isName);
};

/** Whether anything below a folder can be what the pattern means: who looks for `packages/<any>/lcov.info` need not look at all that packages hold. */
export const folderMatcher = (pattern: string): ((folder: string) => boolean) => {
  const parts = pattern.split('/');
  const stars = parts.indexOf('**');
  const named = parts.slice(0, stars < 0 ? -1 : stars);
  return (folder) => {
    const names = folder.split('/');
    return (
      (stars >= 0 || names.length <= named.length) &&
      named.every((part, at) => at >= names.length || isName(part, names[at] ?? ''))
    );
  };
};
