import { readTokenFacts, type TokenFacts } from '../../adapters/github/token-facts';
import type { TokenKind } from '../../domain/github-credential';
import type { GitHubAccess } from '../github/open-github';
import { mayWrite, neededGrants } from './app-grants';
import { type Finding, findingsOf } from './finding';

const { good, warning, problem, failed } = findingsOf('token');

type OwnerKind = 'organization' | 'user';

const KINDS = {
  classic: 'a classic personal access token',
  'fine-grained': 'a fine-grained personal access token',
  oauth: 'the token of an OAuth app',
  'app-user': 'the token of a person through a GitHub App',
  installation: 'an installation token of a GitHub App',
  refresh: 'a refresh token',
  unknown: 'a token of a form that GitHub does not document',
} as const satisfies Record<TokenKind, string>;

const checkKind = (kind: TokenKind, ownerKind: OwnerKind): Finding => {
  const message = `It is ${KINDS[kind]}.`;
  if (kind === 'installation' || kind === 'app-user')
    return warning(
      'token-kind',
      `${message} It ends within hours.`,
      'Give the GitHub App itself: {"appId":…,"privateKey":…}.',
    );
  if (kind === 'fine-grained' && ownerKind === 'user')
    return warning(
      'token-kind',
      `${message} For boards of users GitHub gives such tokens no permission.`,
      'Use a classic token with the scopes repo and project, or a board of an organisation.',
    );
  if (kind === 'unknown') return warning('token-kind', message, 'Make sure that it is a token for this GitHub.');
  return good('token-kind', message);
};

const SCOPES = [
  { scope: 'repo', why: 'to read and push repositories and to open pull requests' },
  { scope: 'project', why: 'to move items on the board' },
] as const;

const checkScopes = (scopes: readonly string[] | null): readonly Finding[] => {
  if (scopes === null) return [];
  return SCOPES.map(({ scope, why }) => {
    if (scopes.includes(scope)) return good('token-scopes', `It has the scope ${scope}.`);
    return scope === 'repo' && scopes.includes('public_repo')
      ? warning(
          'token-scopes',
          'It has the scope public_repo, which reaches public repositories only.',
          'Add the scope repo if one of the repositories is private.',
        )
      : problem(
          'token-scopes',
          `It lacks the scope ${scope}, which is needed ${why}; it has ${scopes.join(', ') || 'none'}.`,
          `Add the scope ${scope} where tokens are made (Settings, Developer settings).`,
        );
  });
};

const DAY = 86_400_000;
const SOON_DAYS = 14;
const SKEW_SECONDS = 60;

const checkTimes = ({ expiresAt, now }: TokenFacts, ours: Date): readonly Finding[] => {
  const findings: Finding[] = [];
  if (expiresAt) {
    const days = Math.floor((expiresAt.getTime() - ours.getTime()) / DAY);
    const message = `It ends on ${expiresAt.toISOString().slice(0, 10)}.`;
    findings.push(
      days < SOON_DAYS
        ? warning('token-expiry', message, 'Make a new one in time and write it into the secret.')
        : good('token-expiry', message),
    );
  }
  const skew = now ? Math.round((now.getTime() - ours.getTime()) / 1000) : 0;
  if (Math.abs(skew) > SKEW_SECONDS)
    findings.push(
      warning(
        'clock',
        `This machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead'}.`,
        'Set the clock.',
      ),
    );
  return findings;
};

const checkLimit = ({ points }: TokenFacts): Finding => {
  if (!points) return good('rate-limit', 'This server limits no rates.');
  const { limit, remaining } = points;
  const message = `${remaining} of ${limit} points of the hour are left.`;
  return remaining < limit / 10
    ? warning('rate-limit', message, 'Look for other programs that use the same account.')
    : good('rate-limit', message);
};

const checkGrants = (grants: Readonly<Record<string, string>>, ownerKind: OwnerKind): readonly Finding[] => {
  const board =
    ownerKind === 'organization'
      ? []
      : [
          problem(
            'app-permissions',
            'GitHub Apps do not reach boards of users.',
            'Use a classic personal access token.',
          ),
        ];
  return [
    ...board,
    ...neededGrants(ownerKind).map((name) =>
      mayWrite(grants, name)
        ? good('app-permissions', `The GitHub App may write ${name}.`)
        : problem(
            'app-permissions',
            `The GitHub App may not write ${name} (it has: ${grants[name] ?? 'nothing'}).`,
            `Give it "${name.replace('_', ' ')}: read and write", and accept the change where it is installed.`,
          ),
    ),
  ];
};

/** What can be told about the credential by itself: its kind, what it may do, when it ends. */
export const checkToken = async (
  { address, credential, tokens }: GitHubAccess,
  owner: string,
  ownerKind: OwnerKind,
  now: Date,
): Promise<readonly Finding[]> => {
  const isApp = credential.kind === 'app';
  const kind = isApp
    ? good('token-kind', `It is the GitHub App ${credential.appId}.`)
    : checkKind(credential.tokenKind, ownerKind);
  try {
    const grants = await tokens.grants({ owner });
    const facts = await readTokenFacts(address.apiUrl, await tokens.of({ owner }));
    return [
      kind,
      good('token-valid', 'GitHub accepts it.'),
      ...(grants ? checkGrants(grants, ownerKind) : []),
      ...checkScopes(isApp ? null : facts.scopes),
      ...checkTimes(facts, now),
      checkLimit(facts),
    ];
  } catch (error) {
    return [kind, failed('token-valid', error)];
  }
};
