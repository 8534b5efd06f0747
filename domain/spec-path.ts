/** Where a spec lives when the item does not say otherwise: the folder named after the branch's last part. */
export const defaultSpecPath = (branch: string): string => `.kiro/specs/${branch.split('/').at(-1) ?? branch}`;

/** Why `path` cannot be a spec folder inside the repository; null when it can. */
export const specPathProblem = (path: string): string | null => {
  if (path === '') return 'it is empty';
  if (path.length > 512) return 'it is longer than 512 characters';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is absolute: give it relative to the repository';
  if (path.includes('\\')) return 'it holds a backslash: separate folders with "/"';
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(path)) return 'it holds a control character, or one that nobody can see';
  // git takes these for options and for patterns (gitglossary(7), pathspec).
  if (/^[-:]|[*?[]/.test(path)) return 'it starts with "-" or ":", or holds a wildcard';
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'it holds an empty part, "." or ".."';
  if (parts.some((part) => part.toLowerCase() === '.git')) return 'it leads into .git';
  return null;
};
