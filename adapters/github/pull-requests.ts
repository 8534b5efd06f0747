import { WorkerError } from '../../domain/errors';
import type { RunDocument } from './graphql-client';

export const findPullRequestDocument = `query FindPullRequest($repositoryId: ID!, $head: String!, $base: String!) {
  node(id: $repositoryId) {
    ... on Repository {
      pullRequests(headRefName: $head, baseRefName: $base, states: [OPEN], first: 20) {
        nodes { id number url isDraft viewerDidAuthor }
      }
    }
  }
}`;

export const createPullRequestDocument = `mutation CreatePullRequest(
  $repositoryId: ID!, $head: String!, $base: String!, $title: String!, $body: String!, $draft: Boolean!
) {
  createPullRequest(
    input: { repositoryId: $repositoryId, headRefName: $head, baseRefName: $base, title: $title, body: $body, draft: $draft }
  ) { pullRequest { id number url isDraft } }
}`;

export const updatePullRequestDocument = `mutation UpdatePullRequest($pullRequestId: ID!, $title: String!, $body: String!) {
  updatePullRequest(input: { pullRequestId: $pullRequestId, title: $title, body: $body }) { pullRequest { id number url isDraft } }
}`;

export const markReadyDocument = `mutation MarkReady($pullRequestId: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $pullRequestId }) { pullRequest { id number url isDraft } }
}`;

export const convertToDraftDocument = `mutation ConvertToDraft($pullRequestId: ID!) {
  convertPullRequestToDraft(input: { pullRequestId: $pullRequestId }) { pullRequest { id number url isDraft } }
}`;

export type PullRequest = {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly isDraft: boolean;
};

export type PullRequestText = { readonly title: string; readonly body: string };
type Place = { readonly repositoryId: string; readonly head: string; readonly base: string };

/** Pull requests as the pipeline needs them. All are of the token's own account: others' are never touched. */
export type PullRequests = {
  readonly find: (place: Place) => Promise<PullRequest | null>;
  readonly create: (place: Place, text: PullRequestText, draft: boolean) => Promise<PullRequest>;
  readonly update: (pull: PullRequest, text: PullRequestText) => Promise<PullRequest>;
  readonly setDraft: (pull: PullRequest, draft: boolean) => Promise<PullRequest>;
};

type Found = PullRequest & { readonly viewerDidAuthor: boolean };

export const githubPullRequests = ({ run }: { readonly run: RunDocument }): PullRequests => ({
  find: async ({ repositoryId, head, base }) => {
    const { node } = await run<{ node: { pullRequests?: { nodes: readonly (Found | null)[] } } | null }>(
      findPullRequestDocument,
      { repositoryId, head, base },
    );
    const own = node?.pullRequests?.nodes.find((pull) => pull?.viewerDidAuthor);
    return own ? pick(own) : null;
  },
  create: async ({ repositoryId, head, base }, { title, body }, draft) => {
    const answer = await run<{ createPullRequest: { pullRequest: PullRequest } }>(createPullRequestDocument, {
      repositoryId,
      head,
      base,
      title,
      body,
      draft,
    });
    return pick(answer.createPullRequest.pullRequest);
  },
  update: async ({ id }, { title, body }) => {
    const answer = await run<{ updatePullRequest: { pullRequest: PullRequest } }>(updatePullRequestDocument, {
      pullRequestId: id,
      title,
      body,
    });
    return pick(answer.updatePullRequest.pullRequest);
  },
  setDraft: async ({ id }, draft) => {
    const answer = await run<Record<string, { pullRequest: PullRequest }>>(
      draft ? convertToDraftDocument : markReadyDocument,
      { pullRequestId: id },
    );
    const [result] = Object.values(answer);
    if (!result) throw new WorkerError('GitHubUnavailable', 'GitHub answered a mutation with nothing.');
    return pick(result.pullRequest);
  },
});

const pick = ({ id, number, url, isDraft }: PullRequest): PullRequest => ({ id, number, url, isDraft });
