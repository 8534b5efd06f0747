import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { createSecretFinder, type FoundSecret } from '../../domain/redaction';
import { showPath } from '../../domain/show-path';
import { addedLines } from './added-lines';
import type { BoundResult } from './read-bound-result';
import type { Change } from './read-change';

type Deps = {
  readonly git: Git;
  /** Values that must not get out, whatever they look like. */
  readonly secrets: readonly string[];
};

type Finding = FoundSecret & { readonly where: string };

/** All that is kept of a change full of secrets: more would say nothing more. */
const MOST_FINDINGS = 100;

/** Text in UTF-16 has a NUL at every other place. */
const withoutNuls = (text: string): string => (text.includes('\0') ? `${text}\n${text.replaceAll('\0', '')}` : text);

const inDiff = async ({ commits }: Change, find: (text: string) => readonly FoundSecret[], git: Git) => {
  const findings = new Map<string, Finding>();
  const reader = addedLines(({ commit, path, text }) => {
    for (const found of findings.size < MOST_FINDINGS ? find(withoutNuls(text)) : [])
      if (!findings.has(found.value))
        findings.set(found.value, { ...found, where: `${showPath(path)} in commit ${commit.slice(0, 12)}` });
  });
  const shape = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--text', '-U0', '--full-index'];
  const args = ['diff-tree', '--stdin', '-r', '-p', ...shape, '--src-prefix=a/', '--dst-prefix=b/'];
  await git.run(args, { stdin: `${commits.join('\n')}\n`, onStdout: reader.read });
  reader.end();
  return [...findings.values()];
};

/** The commits themselves: message, author, and whatever other headers somebody put in. */
const inCommits = async ({ commits }: Change, find: (text: string) => readonly FoundSecret[], git: Git) => {
  const text = await git.run(['cat-file', '--batch'], { stdin: `${commits.join('\n')}\n` });
  return find(text).map((found): Finding => ({ ...found, where: 'the message or the author of a commit' }));
};

const inNames = ({ files }: Change, find: (text: string) => readonly FoundSecret[]) =>
  find([...new Set(files.map(({ path }) => path))].join('\n')).map(
    (found): Finding => ({ ...found, where: 'the name of a file' }),
  );

/** A key is looked for by its longest line: a pattern of git-grep is one line. */
const longestLine = (text: string): string =>
  text.split(/[\r\n]+/).reduce((longest, line) => (line.length > longest.length ? line : longest), '');

/** What the branch held before the build is moved, not planted. The pattern goes over standard input: it is a secret. */
const wasThere = async ({ value, isKnown }: Finding, head: string, git: Git): Promise<boolean> => {
  if (isKnown) return false;
  const args = ['grep', '--quiet', '--fixed-strings', '--text', '-f', '-', head];
  return (await git.ask(args, { stdin: `${longestLine(value)}\n` })).exitCode === 0;
};

/**
 * That no commit brings in a credential: in a line that it adds, in its message or author, or in the name of a file. A commit that a later one takes back counts: it is pushed all the
 * same. The message says where, never what. @throws SecretInChange
 */
export const checkSecrets = async (
  { head }: Pick<BoundResult, 'head'>,
  change: Change,
  { git, secrets }: Deps,
): Promise<void> => {
  const find = createSecretFinder(secrets);
  const findings = [
    ...inNames(change, find),
    ...(await inCommits(change, find, git)),
    ...(await inDiff(change, find, git)),
  ];
  for (const finding of findings) {
    // So many cannot all be looked up; that none is new would have to be believed.
    if (findings.length < MOST_FINDINGS && (await wasThere(finding, head, git))) continue;
    throw new WorkerError(
      'SecretInChange',
      `The result holds what looks like ${finding.what}, in ${finding.where}.`,
      'It was not pushed. If it is real, revoke it. Have the agent read it from the environment, and start the item again.',
    );
  }
};
