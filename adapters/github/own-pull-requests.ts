import type { RunDocument } from './graphql-client';

export const ownPullRequestsDocument = `query OwnPullRequests($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: [OPEN], first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { number title url isDraft headRefName viewerDidAuthor }
    }
  }
}`;

type Pull = {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  readonly isDraft: boolean;
  readonly headRefName: string;
  readonly viewerDidAuthor: boolean;
};
type Answer = {
  readonly repository: { readonly pullRequests: { readonly nodes: readonly (Pull | null)[] } } | null;
};

/** The worker's own open pull requests in `OWNER/NAME`, among the hundred that were written last. */
export const readOwnPullRequests = async (repository: string, run: RunDocument): Promise<readonly Pull[]> => {
  const [owner, name] = repository.split('/');
  const answer = await run<Answer>(ownPullRequestsDocument, { owner, name });
  return (answer.repository?.pullRequests.nodes ?? []).flatMap((pull) => (pull?.viewerDidAuthor ? [pull] : []));
};
