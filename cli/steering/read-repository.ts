import { openSteeringRepository, STEERING_FILTER, STEERING_REF } from '../../adapters/git/steering-repository';
import { WorkerError } from '../../domain/errors';
import type { ReadSteeringFile } from '../../domain/read-steering';
import { createRedactor } from '../../domain/redaction';
import { absoluteSearchPath } from '../../domain/search-path';
import { steeringInvalid } from '../../domain/steering-package';
import { createUserGit, type UserGit } from '../../local/repository/user-git';
import type { CliContext } from '../command';
import type { SteeringPlace } from './parse-place';

type GitPlace = Extract<SteeringPlace, { kind: 'git' }>;

type Deps = Pick<CliContext, 'env' | 'signal'> & {
  readonly workFolder: string;
  /** For the repository's server; null: as the person's own git is let in. */
  readonly token: string | null;
  readonly log: (line: string) => void;
};

const MOST_TAGS_TOLD = 5;

/** Nothing that an address or a server says may run a program here, or lead to another server. */
const sealed = (env: CliContext['env']) => ({ ...env, GIT_ALLOW_PROTOCOL: 'https:http:ssh:file' });
const SEALS = ['-c', 'http.followRedirects=false', '-c', 'core.hooksPath=/dev/null'] as const;

/** The words of git without what git advises, and without the token. */
const unreachable = ({ address }: GitPlace, stderr: string, token: string | null): WorkerError => {
  const said = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:Please make sure you have|and the repository exists)/.test(line))
    .slice(-2)
    .join(' ');
  const redact = createRedactor(token === null ? [] : [token]);
  return new WorkerError(
    'RepositoryUnreachable',
    `${address} cannot be read: ${redact(said)}`,
    `Check address and access: git ls-remote '${address}'.`,
  );
};

const listRefs = async (place: GitPlace, patterns: readonly string[], git: UserGit, { token, workFolder }: Deps) => {
  const end = await git(workFolder, [...SEALS, 'ls-remote', '--quiet', '--', place.address, ...patterns]);
  if (end.exitCode !== 0) throw unreachable(place, end.stderr, token);
  return end.stdout.split('\n').flatMap((line) => line.split('\t')[1] ?? []);
};

/** The full name of the tag or branch that the person means. */
const findRef = async (place: GitPlace, git: UserGit, deps: Deps): Promise<string> => {
  const { ref } = place;
  const candidates = /^refs\/(?:tags|heads)\//.test(ref) ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
  const there = await listRefs(place, candidates, git, deps);
  const found = candidates.filter((candidate) => there.includes(candidate));
  if (found.length > 1)
    throw steeringInvalid(
      `"${ref}" is a tag and a branch there; write ${found.map((name) => `#${name}`).join(' or ')}`,
    );
  if (found[0] !== undefined) return found[0];
  const tags = (await listRefs(place, ['refs/tags/*'], git, deps)).filter((name) => !name.endsWith('^{}'));
  const some = tags.slice(-MOST_TAGS_TOLD).map((name) => name.slice('refs/tags/'.length));
  throw steeringInvalid(
    `there is no tag and no branch "${ref}"; ${some.length === 0 ? 'there are no tags' : `tags are ${some.join(', ')}`}`,
  );
};

/** A package in a repository, fetched with git as the person has set it up: with their keys and credential helpers, or with a token. */
export const readSteeringRepository = async (place: GitPlace, deps: Deps): Promise<ReadSteeringFile> => {
  const { address, folder } = place;
  const { env, token, workFolder, log } = deps;
  const credentials =
    token === null ? null : { server: `${new URL(address).origin}/`, userAndPassword: `x-access-token:${token}` };
  const gitUntil = (signal: AbortSignal) => createUserGit(sealed(env), credentials, signal);
  const ref = await findRef(place, gitUntil(deps.signal), deps);
  const fetch = async (gitDir: string, signal: AbortSignal): Promise<void> => {
    const limits = [
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--depth=1',
      `--filter=${STEERING_FILTER}`,
    ];
    const end = await gitUntil(signal)(gitDir, [
      ...SEALS,
      'fetch',
      '-q',
      ...limits,
      '--',
      address,
      `+${ref}:${STEERING_REF}`,
    ]);
    if (end.exitCode !== 0) throw unreachable(place, end.stderr, token);
  };
  const { commit, read } = await openSteeringRepository(folder, {
    workFolder,
    searchPath: absoluteSearchPath(env.PATH ?? ''),
    signal: deps.signal,
    fetch,
  });
  log(`Steering: ${ref} of ${address} is commit ${commit}`);
  return read;
};
