import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkerError } from '../../domain/errors';

/** Where the repository is: a folder of this machine, or an address that git can clone from. Credentials are split off at once. */
export type RepositorySource =
  | { readonly kind: 'folder'; readonly path: string; readonly shown: string; readonly name: string }
  | {
      readonly kind: 'address';
      readonly url: string;
      readonly shown: string;
      readonly name: string;
      readonly credentials: { readonly server: string; readonly userAndPassword: string } | null;
    };

const notThere = (text: string, why: string) =>
  new WorkerError('ValidationError', `The repository ${text} ${why}`, 'Give a folder or a URL after --repo.');

/** A name that may be a repository's on GitHub. */
const nameFrom = (path: string): string => {
  const name = basename(path.replace(/[\\/]+$/, ''), '.git').replace(/[^A-Za-z0-9._-]/g, '-');
  return /^\.*$/.test(name) ? 'repository' : name.slice(0, 100);
};

/** What `read` makes of an address. @throws ValidationError that does not show it, because it may hold a password, when it is no valid one */
const valid = <T>(read: () => T): T => {
  try {
    return read();
  } catch {
    throw notThere('that was given', 'is no valid URL.');
  }
};

const parseUrl = (text: string): RepositorySource => {
  const url = valid(() => new URL(text));
  if (url.protocol === 'file:')
    return parseFolder(
      valid(() => fileURLToPath(url)),
      '/',
    );
  if (!['http:', 'https:', 'ssh:', 'git:'].includes(url.protocol))
    throw notThere(`with the scheme ${url.protocol}`, 'cannot be cloned: use https, http, ssh, git or file.');
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  const hasCredentials = isWeb && (url.username !== '' || url.password !== '');
  const userAndPassword = valid(() => [url.username, url.password].map(decodeURIComponent).join(':'));
  if (url.protocol !== 'ssh:') url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return {
    kind: 'address',
    url: url.href,
    shown: url.href,
    name: nameFrom(url.pathname),
    credentials: hasCredentials ? { server: `${url.protocol}//${url.host}/`, userAndPassword } : null,
  };
};

const parseFolder = (text: string, cwd: string): RepositorySource => {
  const path = resolve(cwd, text);
  if (!existsSync(path)) throw notThere(path, 'does not exist.');
  if (!statSync(path).isDirectory()) throw notThere(path, 'is not a folder.');
  return { kind: 'folder', path, shown: path, name: nameFrom(path) };
};

/** @throws WorkerError ValidationError for what is neither a folder that exists nor an address. */
export const parseRepositorySource = (text: string, cwd: string): RepositorySource => {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUrl(text);
  // git@host:owner/name.git, unless such a folder exists
  const scp = /^(?:[\w.-]+@)?[\w.-]+:(?!\/\/|:)([^\s].*)$/.exec(text);
  if (scp && /^[^/]*@/.test(scp[1] ?? ''))
    throw notThere('that was given', 'holds a user and a password, but no scheme: write https:// in front of it.');
  if (scp && !existsSync(resolve(cwd, text)))
    return { kind: 'address', url: text, shown: text, name: nameFrom(scp[1] ?? ''), credentials: null };
  return parseFolder(text, cwd);
};
