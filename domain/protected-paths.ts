import { foldPath, isSameName } from './fold-path';

/** Folders at the root of a repository whose content decides what runs, or who may approve: nobody's agent changes them. */
const FOLDERS: readonly (readonly string[])[] = [
  ['.github'],
  ['.kiro', 'agents'],
  ['.kiro', 'hooks'],
  ['.kiro', 'settings'],
  ['.kiro', 'steering'],
];

/** Files that work wherever in the repository they lie. */
const ANYWHERE = ['.npmrc', '.gitmodules', '.gitattributes', 'codeowners'] as const;

const AT_ROOT = ['kiro-worker.yml'] as const;

const isIn = (parts: readonly string[], folder: readonly string[]): boolean => {
  const common = Math.min(parts.length, folder.length);
  // A file where a protected folder, or the folder above it, should be (`.kiro` as a symbolic link) exchanges all that is below.
  return folder.slice(0, common).every((name, index) => isSameName(parts[index] ?? '', name));
};

/**
 * Whether a change of this file, as git names it in a tree (relative, parted by "/"), has to be made by a person. Spellings that are the same file
 * on some file system count as the same: `.GitHub/x`, `.kiro/Hooks/x`, `.npmrc.`.
 */
export const isProtectedPath = (path: string): boolean => {
  const parts = foldPath(path);
  if (FOLDERS.some((folder) => isIn(parts, folder))) return true;
  if (parts.length === 1 && AT_ROOT.some((name) => isSameName(parts[0] ?? '', name))) return true;
  return ANYWHERE.some((name) => parts.some((part) => isSameName(part, name)));
};
