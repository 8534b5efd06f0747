import type { GraphQLResolveInfo } from 'graphql';
import type { Faults } from './faults';
import type { GitReader } from './git-reader';
import type { Model } from './model';
import type { RateLimitWindow } from './rate-limit';

export type Token = {
  readonly token: string;
  readonly login: string;
  readonly canWrite: boolean;
  /** Repositories (`owner/name`, lower case) that git may reach with it; absent: all. */
  readonly repositories?: readonly string[];
  /** Rules of rulesets do not hold for it. */
  readonly mayBypass?: boolean;
  /** When it stops being valid. */
  readonly expiresAt?: string;
  /** What GitHub says of a classic token in its headers. */
  readonly scopes?: readonly string[];
  readonly shownExpiry?: string;
};

/** What every resolver of one request sees. */
export type Context = {
  readonly model: Model;
  readonly git: GitReader;
  readonly faults: Faults;
  readonly viewer: Omit<Token, 'token'>;
  readonly now: () => string;
  readonly serverUrl: string;
  readonly rateLimit: RateLimitWindow;
};

/** One field: from the parent's record, the arguments and the context to a value or a promise of one. */
export type Resolver<S = unknown, A = unknown> = (
  source: S,
  args: A,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

/** The fields of one GraphQL type that are more than a property of its record. */
export type TypeResolvers = Readonly<Record<string, Resolver<never, never>>>;
