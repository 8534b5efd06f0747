import { foldPath, isSameName } from './fold-path';

/**
 * Whether a file of this name would harm whoever checks it out: it is `.git` on some file system, or a part of it leads elsewhere on Windows.
 * Git refuses such names too, when it checks its objects; said by us, because our message names the file.
 */
export const isHarmfulPath = (path: string): boolean =>
  path.split(/[/\\]/).some((part) => part === '' || part === '.' || part === '..') ||
  foldPath(path).some((part) => isSameName(part, '.git'));

/**
 * Why a symbolic link of this target could lead out of the repository, or into git's own folder; null when it cannot. `..` is allowed at the
 * start only: after another part, which may be a link itself, nobody could say where it leads.
 */
export const linkProblem = (path: string, target: string): string | null => {
  if (target === '' || target.startsWith('/') || /^[A-Za-z]:|\\/.test(target)) return 'is absolute';
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const ups = parts.findIndex((part) => part !== '..');
  const climbs = ups < 0 ? parts.length : ups;
  if (parts.slice(climbs).includes('..')) return 'goes down and up again';
  if (climbs > path.split('/').length - 1) return 'leads out of the repository';
  if (parts.some((part) => isHarmfulPath(part) && part !== '..')) return 'leads into .git';
  return null;
};
