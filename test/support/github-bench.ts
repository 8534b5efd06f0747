import { createGraphqlClient, type GraphqlClient } from '../../adapters/github/graphql-client';
import { type BoardSettings, boardSettingsSchema } from '../../domain/board-settings';
import type { GitHubSeed } from '../../local/github/seed';
import type { GitHubOptions } from '../../local/github/stand-in';
import { type Fixture, startFixture, WRITER } from '../local/github/github-fixture';

type SeedBoard = NonNullable<GitHubSeed['boards']>[number];
type SeedItem = NonNullable<SeedBoard['items']>[number];
type SeedIssue = NonNullable<NonNullable<GitHubSeed['repositories']>[number]['issues']>[number];
type SeedField = SeedBoard['fields'][number];

export const REPOSITORY = 'acme/work';
export const STATUSES = ['Backlog', 'Ready', 'In progress', 'In review', 'Needs attention', 'Done'];

export const boardFields: readonly SeedField[] = [
  { name: 'Status', type: 'single-select', options: STATUSES },
  { name: 'Priority', type: 'single-select', options: ['Urgent', 'High', 'Medium', 'Low', 'Someday'] },
  { name: 'Branch', type: 'text' },
  { name: 'Spec', type: 'text' },
];

/** An issue as a board shows it. */
export type Row = Partial<SeedIssue> & {
  readonly number: number;
  readonly values?: Record<string, string>;
  readonly archived?: boolean;
};

/** An issue on the board: ready, with a branch, unless `row` says otherwise. */
const itemOf = ({ number, values = {}, archived = false }: Row): SeedItem => ({
  type: 'issue',
  repository: REPOSITORY,
  number,
  archived,
  values: { Status: 'Ready', Branch: `feature/${number}`, ...values },
});

const issueOf = ({ values: _, archived: __, ...issue }: Row): SeedIssue => ({
  title: `Issue ${issue.number}`,
  ...issue,
});

export type BoardPlan = {
  readonly owner?: string;
  readonly ownerKind?: 'organization' | 'user';
  readonly rows?: readonly Row[];
  readonly others?: readonly SeedItem[];
  readonly fields?: readonly SeedField[];
  readonly repository?: Partial<NonNullable<GitHubSeed['repositories']>[number]>;
};

const BOARD_NUMBER = 9;

const seedOf = (bare: string, plan: BoardPlan): GitHubSeed => {
  const { owner = 'acme', ownerKind = 'organization', rows = [], others = [], fields = boardFields } = plan;
  return {
    owners: [
      { login: 'acme', kind: 'organization' },
      { login: owner, kind: ownerKind },
    ],
    repositories: [{ nameWithOwner: REPOSITORY, path: bare, ...plan.repository, issues: rows.map(issueOf) }],
    boards: [
      { owner, number: BOARD_NUMBER, title: 'Work', fields: [...fields], items: [...rows.map(itemOf), ...others] },
    ],
  };
};

export const settingsOf = (
  change: Partial<Parameters<typeof boardSettingsSchema.parse>[0] & object> = {},
): BoardSettings =>
  boardSettingsSchema.parse({
    owner: 'acme',
    ownerKind: 'organization',
    number: BOARD_NUMBER,
    repositories: [REPOSITORY],
    ...change,
  });

export type GitHubBench = Fixture & {
  readonly client: GraphqlClient;
  readonly run: GraphqlClient['run'];
  readonly clientOf: (token: string) => GraphqlClient;
  readonly plant: (plan: BoardPlan) => Promise<void>;
  /** How many GraphQL requests have been answered. */
  readonly asked: () => number;
};

export const NOW = new Date('2026-11-01T10:00:00.000Z');

/** GitHub's stand-in with a repository and no board yet, and the product's own client on it. */
export const startGitHubBench = async (options: Partial<GitHubOptions> = {}): Promise<GitHubBench> => {
  const fixture = await startFixture({ clock: () => NOW, ...options });
  const clientOf = (token: string) =>
    createGraphqlClient({ apiUrl: fixture.github.apiUrl }, { token: async () => token, now: () => NOW });
  const client = clientOf(WRITER);
  return {
    ...fixture,
    client,
    run: client.run,
    clientOf,
    plant: (plan) => fixture.github.seed(seedOf(fixture.bare, plan)),
    asked: () => fixture.github.requests.filter(({ kind }) => kind === 'graphql').length,
  };
};
