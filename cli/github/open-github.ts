import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessTokens, createAccessTokens } from '../../adapters/github/access-tokens';
import { createGraphqlClient, type RunDocument } from '../../adapters/github/graphql-client';
import { type GitHubAddress, githubAddress } from '../../domain/github-address';
import { type GitHubCredential, parseGitHubCredential } from '../../domain/github-credential';
import type { CliContext } from '../command';
import type { CredentialText } from './read-credential';

/** GitHub, as the person at the keyboard may use it. */
export type GitHubAccess = {
  readonly address: GitHubAddress;
  readonly credential: GitHubCredential;
  readonly tokens: AccessTokens;
  readonly run: RunDocument;
};

/** Joins address, credential and client for what belongs to `owner`. Asks nobody yet. @throws WorkerError AuthenticationFailed, ValidationError */
export const openGitHub = ({ text, where }: CredentialText, owner: string, { env }: CliContext): GitHubAccess => {
  const address = githubAddress(env);
  const credential = parseGitHubCredential(text, where);
  const now = () => new Date();
  const tokens = createAccessTokens({ apiUrl: address.apiUrl, where }, { read: async () => text, now });
  const { run } = createGraphqlClient(address, {
    token: () => tokens.of({ owner }),
    now,
    pause: (milliseconds) => sleep(milliseconds),
  });
  return { address, credential, tokens, run };
};
