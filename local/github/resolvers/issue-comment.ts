import type { Context, Resolver, TypeResolvers } from '../context';
import type { RecordOf } from '../records';
import { actor } from './account';
import { type Conversation, conversationPath, repositoryOf } from './conversation';

type Comment = RecordOf<'IssueComment'>;

const subjectOf = ({ parentId }: Comment, { model }: Context): Conversation => {
  const subject = model.find(parentId, 'Issue', 'PullRequest');
  if (!subject) throw new Error(`the state holds a comment on nothing: ${parentId}`);
  return subject;
};

const path: Resolver<Comment> = (comment, _, context) =>
  `${conversationPath(subjectOf(comment, context), context)}#issuecomment-${comment.id}`;

export const issueCommentResolvers: TypeResolvers = {
  author: ({ author }: Comment, _, { model }) => actor(model, author),
  bodyText: ({ body }: Comment) => body,
  issue: (comment: Comment, _, context) => subjectOf(comment, context),
  pullRequest: (comment: Comment, _, context) => {
    const subject = subjectOf(comment, context);
    return subject.kind === 'PullRequest' ? subject : null;
  },
  repository: (comment: Comment, _, context) => repositoryOf(subjectOf(comment, context), context),
  resourcePath: path,
  url: (comment: Comment, args, context, info) => `${context.serverUrl}${path(comment, args, context, info)}`,
  isMinimized: () => false,
  viewerDidAuthor: ({ author }: Comment, _, { viewer }) => author === viewer.login,
  viewerCanUpdate: (_, __, { viewer }) => viewer.canWrite,
};
