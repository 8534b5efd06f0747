const NEEDED = ['contents', 'issues', 'pull_requests'] as const;

/** What a GitHub App must be able to write, as GitHub names it. Boards of users have no permission for Apps. */
export const neededGrants = (ownerKind: 'organization' | 'user'): readonly string[] =>
  ownerKind === 'organization' ? [...NEEDED, 'organization_projects'] : NEEDED;

export const mayWrite = (grants: Readonly<Record<string, string>>, name: string): boolean =>
  grants[name] === 'write' || grants[name] === 'admin';

export const lackingGrants = (
  grants: Readonly<Record<string, string>>,
  ownerKind: 'organization' | 'user',
): readonly string[] => neededGrants(ownerKind).filter((name) => !mayWrite(grants, name));
