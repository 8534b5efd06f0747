import type { Git } from '../../adapters/git/git';

const MOST_COMMITS = 1_000;

type Range = { readonly base: string; readonly resultHead: string };

/** The last commit of each task between base and result, by trailer: earlier runs have left some, too. */
export const readTaskCommits = async (
  { base, resultHead }: Range,
  { git }: { readonly git: Git },
): Promise<ReadonlyMap<string, string>> => {
  const format = '--format=%H%x09%(trailers:key=Kiro-Task,valueonly,separator=%x2C)';
  const log = await git.run(['log', `--max-count=${MOST_COMMITS}`, '--reverse', format, `${base}..${resultHead}`]);
  const commits = log.split('\n').map((line) => line.split('\t'));
  return new Map(commits.flatMap(([commit = '', task = '']) => (task ? [[task.trim(), commit] as const] : [])));
};
