import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Fault } from '../../local/github/faults';
import type { RecordKind, RecordOf } from '../../local/github/records';
import type { LoggedRequest } from '../../local/github/request-log';
import type { ChildRequest, ChildStart } from './github-child';

export type GitHubProcess = {
  readonly url: string;
  readonly fault: (fault: Fault) => Promise<void>;
  readonly records: <K extends RecordKind>(of: K) => Promise<readonly RecordOf<K>[]>;
  readonly requests: () => Promise<readonly LoggedRequest[]>;
  readonly close: () => Promise<void>;
};

/** Starts GitHub's stand-in in a process of its own: nothing is shared with it but HTTP, as with GitHub. */
export const startGitHubProcess = async (start: ChildStart): Promise<GitHubProcess> => {
  const child = fork(join(__dirname, 'github-child.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ask = <T>(request: ChildRequest): Promise<T> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: { readonly value?: T; readonly error?: string }) =>
        message.error === undefined ? resolve(message.value as T) : reject(new Error(message.error)),
      );
      child.send(request);
    });
  const url = await ask<string>({ kind: 'start', ...start });
  return {
    url,
    fault: (fault) => ask({ kind: 'fault', fault }),
    records: (of) => ask({ kind: 'records', of }),
    requests: () => ask({ kind: 'requests' }),
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
};
