import type { Git } from '../../adapters/git/git';

/**
 * The texts of many small objects by one git, because a program for each would take minutes where there are thousands. All of them must exist, and are held in memory.
 * Reads `git cat-file --batch`: `<id> <type> <size>`, the bytes, a line end (git-cat-file(1)).
 */
export const readBlobs = async (
  objects: readonly string[],
  { git }: { readonly git: Git },
): Promise<ReadonlyMap<string, string>> => {
  const texts = new Map<string, string>();
  if (objects.length === 0) return texts;
  const chunks: Buffer[] = [];
  const stdin = `${objects.join('\n')}\n`;
  await git.run(['cat-file', '--batch'], { stdin, onStdout: (chunk) => chunks.push(chunk) });
  const all = Buffer.concat(chunks);
  for (let at = 0; at < all.length; ) {
    const from = all.indexOf('\n', at) + 1;
    const [object = '', , size] = all.subarray(at, from).toString('latin1').trim().split(' ');
    const end = from + Number(size);
    texts.set(object, all.subarray(from, end).toString('utf8'));
    at = end + 1;
  }
  return texts;
};
