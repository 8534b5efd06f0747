/** Characters that HFS+ leaves out of a name: `.g\u200cit` is `.git` there. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * One part of a path as the most forgiving file system sees it: case and Unicode form do not matter (HFS+, APFS, NTFS), nor do invisible characters (HFS+), dots and
 * spaces at the end, or a stream's name after a colon (NTFS). Git itself guards `.git` in the same ways (core.protectHFS, core.protectNTFS).
 */
const foldPathPart = (part: string): string => {
  const visible = part.replace(IGNORED, '').normalize('NFKC');
  return visible
    .toUpperCase()
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
};

/** Parts of `path`, folded. A backslash parts folders on Windows, where somebody will check the repository out. */
export const foldPath = (path: string): readonly string[] => path.split(/[/\\]/).map(foldPathPart);

/** Whether a folded part is `name` or the short name that Windows gives to it (`GITHUB~1` for `.github`). */
export const isSameName = (foldedPart: string, name: string): boolean => {
  if (foldedPart === name) return true;
  const [, stem] = /^([^~.]{1,6})~[0-9]{1,6}(?:\.[^.]{0,3})?$/.exec(foldedPart) ?? [];
  return stem !== undefined && name.replace(/^\./, '').startsWith(stem);
};
