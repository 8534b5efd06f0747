import type { RunDocument } from './graphql-client';
import { createPager, type PageInfo } from './next-page';

export const issueCommentsDocument = `query IssueComments($subjectId: ID!, $after: String) {
  node(id: $subjectId) {
    ... on Issue { comments(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id body viewerDidAuthor } } }
    ... on PullRequest { comments(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id body viewerDidAuthor } } }
  }
}`;

export const addCommentDocument = `mutation AddComment($subjectId: ID!, $body: String!) {
  addComment(input: { subjectId: $subjectId, body: $body }) { commentEdge { node { id } } }
}`;

export const updateCommentDocument = `mutation UpdateComment($id: ID!, $body: String!) {
  updateIssueComment(input: { id: $id, body: $body }) { issueComment { id } }
}`;

type Comment = { readonly id: string; readonly body: string; readonly viewerDidAuthor: boolean };
type CommentPage = {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly (Comment | null)[];
};
type Answer = { readonly node: { readonly comments?: CommentPage } | null };

/** One comment per subject and marker, edited in place. The marker is an HTML comment: people do not see it. */
export type Comments = {
  readonly put: (subjectId: string, marker: string, body: string) => Promise<void>;
};

export const githubComments = ({ run }: { readonly run: RunDocument }): Comments => ({
  put: async (subjectId, marker, body) => {
    const existing = await findOwnComment(subjectId, marker, run);
    if (existing?.body === body) return;
    if (existing) await run(updateCommentDocument, { id: existing.id, body });
    else await run(addCommentDocument, { subjectId, body });
  },
});

const findOwnComment = async (subjectId: string, marker: string, run: RunDocument): Promise<Comment | null> => {
  const next = createPager('the comments');
  let after: string | null = null;
  do {
    const answer: Answer = await run<Answer>(issueCommentsDocument, { subjectId, after });
    const comments: CommentPage | undefined = answer.node?.comments;
    const own = comments?.nodes.find((comment) => comment?.viewerDidAuthor && comment.body.startsWith(marker));
    if (own) return own;
    after = comments ? next(comments.pageInfo) : null;
  } while (after);
  return null;
};
