/**
 * Why `name` cannot be a feature branch that we check out and push; null when it can.
 * The rules are git's own (git-check-ref-format(1)) and stricter: no leading dash, which a command line could take for an option, no
 * invisible characters, which make one name look like another, and GitHub's limit of 244 bytes.
 */
export const branchNameProblem = (name: string): string | null => {
  if (name === '') return 'it is empty';
  if (Buffer.byteLength(name) > 244) return 'it is longer than 244 bytes';
  if (/\s/.test(name)) return 'it holds a space';
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name)) return 'it holds a control character, or one that nobody can see';
  if (name.includes('..')) return 'it holds ".."';
  if (name.startsWith('-')) return 'it starts with "-"';
  if (name.startsWith('refs/')) return 'it starts with "refs/": give the short name';
  if (name === 'HEAD' || name === '@') return `"${name}" is not a branch`;
  if (/[~^:?*[\\]|@\{/.test(name)) return 'it holds a character that git does not allow';
  if (
    name.split('/').some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock') || part.endsWith('.'))
  )
    return 'a part of it is empty, starts or ends with ".", or ends with ".lock"';
  return null;
};
