import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WorkerError } from '../../domain/errors';
import { isLoopback } from '../../domain/is-loopback';
import { specPathProblem } from '../../domain/spec-path';

/** Where `--steering` says that a package lies. Nothing of it has been looked at. */
export type SteeringPlace = {
  /** The SHA-256 of its steering.json, when the person has pinned it. */
  readonly digest: string | null;
  /** As it may be shown. */
  readonly shown: string;
} & (
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'git'; readonly address: string; readonly ref: string; readonly folder: string }
);

const FORMS =
  'Give a folder, ADDRESS#REF or ADDRESS#REF:FOLDER of a git repository, or s3://BUCKET/PREFIX; @sha256:DIGEST after it pins the package. docs/guides/steering.md';

/** The text is not shown where it may hold a password. */
const invalid = (what: string, problem: string): WorkerError =>
  new WorkerError('ValidationError', `--steering ${what}: ${problem}.`, FORMS);

const THAT = 'that was given';

const splitDigest = (text: string): { readonly place: string; readonly digest: string | null } => {
  const at = text.lastIndexOf('@sha256:');
  if (at < 0) return { place: text, digest: null };
  const digest = text.slice(at + '@sha256:'.length);
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw invalid(THAT, 'what follows @sha256: is no SHA-256 in 64 small hexadecimal digits');
  return { place: text.slice(0, at), digest };
};

/** What `read` makes of an address. */
const valid = <T>(read: () => T): T => {
  try {
    return read();
  } catch {
    throw invalid(THAT, 'it is no valid address');
  }
};

const pathOf = (text: string, cwd: string): string =>
  text.startsWith('file:') ? valid(() => fileURLToPath(text)) : resolve(cwd, text);

const parseS3 = (place: string): Pick<SteeringPlace & { kind: 's3' }, 'kind' | 'bucket' | 'prefix'> => {
  const [, bucket, prefix] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(\w[\w.-]*(?:\/\w[\w.-]*)*)\/?$/.exec(place) ?? [];
  if (bucket === undefined || prefix === undefined)
    throw invalid(THAT, 'a place in S3 has the form s3://BUCKET/PREFIX, of letters, digits, "_", "." and "-"');
  return { kind: 's3', bucket, prefix };
};

/** What git itself would take for something else than an address, or carry in clear. @throws ValidationError */
const checkAddress = (address: string): void => {
  if (/[\p{Cc}\p{Cf}\s]/u.test(address)) throw invalid(THAT, 'it holds a space or a character that nobody can see');
  const isScp = /^(?:\w[\w.-]*@)?\w[\w.-]*:(?![-:]|\/\/)[^:\s]+$/.test(address);
  if (isScp || !/^[A-Za-z][\w+.-]*:/.test(address)) {
    if (/^-|::|@.*@/.test(address) || !isScp) throw invalid(THAT, 'it is neither a folder nor an address');
    return;
  }
  const url = valid(() => new URL(address));
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb && url.protocol !== 'ssh:')
    throw invalid(
      `with ${JSON.stringify(url.protocol.slice(0, 20))}`,
      'packages come by https, by ssh or from this machine',
    );
  if (url.password !== '' || (isWeb && url.username !== ''))
    throw invalid(
      THAT,
      'it holds a user or a password, which everybody on this machine could read; set GITHUB_TOKEN or a credential helper of git',
    );
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw invalid(THAT, 'http is not enough, it needs https');
  if (url.search !== '') throw invalid(THAT, 'an address with a query is no repository');
  if (url.hostname === '' || /^[-.]/.test(url.hostname) || /^-/.test(url.username))
    throw invalid(THAT, 'it names no server');
};

const parseGit = (
  place: string,
  cwd: string,
): Pick<SteeringPlace & { kind: 'git' }, 'kind' | 'address' | 'ref' | 'folder'> => {
  const at = place.indexOf('#');
  const written = at < 0 ? place : place.slice(0, at);
  const [ref = '', ...rest] = at < 0 ? [] : place.slice(at + 1).split(':');
  const folder = rest.join(':').replace(/\/$/, '');
  const local = pathOf(written, cwd);
  const isHere = written !== '' && existsSync(local);
  if (!isHere) checkAddress(written);
  if (ref === '') throw invalid(written, 'it does not say which version: add #REF, a tag or a branch');
  if (!/^(?!.*\.\.)\w[\w./+-]{0,219}$/.test(ref)) throw invalid(THAT, 'what follows # is no name of a tag or a branch');
  const problem = folder === '' ? null : specPathProblem(folder);
  if (problem !== null) throw invalid(THAT, `its folder cannot be one inside of the repository: ${problem}`);
  return { kind: 'git', address: isHere ? pathToFileURL(local).href : written, ref, folder };
};

/** @throws ValidationError for what is no place; whether a package is there is found out later */
export const parseSteeringPlace = (text: string, cwd: string): SteeringPlace => {
  const { place, digest } = splitDigest(text);
  if (place.trim() === '') throw invalid(THAT, 'it is empty');
  if (/^s3:/i.test(place)) return { ...parseS3(place), digest, shown: place };
  const path = pathOf(place.startsWith('file:') ? (place.split('#')[0] ?? '') : place, cwd);
  const isFolder = existsSync(path) && !(place.startsWith('file:') && place.includes('#'));
  if (isFolder) return { kind: 'folder', path, digest, shown: path };
  if (!place.includes('#') && !/^[\w.-]+(?:@[\w.-]+)?:/.test(place))
    throw invalid(place.includes('@') ? THAT : JSON.stringify(place.slice(0, 200)), 'there is no such folder');
  return { ...parseGit(place, cwd), digest, shown: place };
};
