import { type PageArguments, paginate } from '../connection';
import type { Context, Resolver } from '../context';
import { githubError } from '../github-error';
import type { RecordOf } from '../records';
import { actor } from './account';

export type Conversation = RecordOf<'Issue' | 'PullRequest'>;

const BODY_LIMIT = 65_536;
const TITLE_LIMIT = 256;

/** GitHub refuses longer texts with these words. */
export const checkText = (text: { readonly title?: string | null; readonly body?: string | null }): void => {
  if ((text.body?.length ?? 0) > BODY_LIMIT) {
    throw githubError('UNPROCESSABLE', `body is too long (maximum is ${BODY_LIMIT} characters)`);
  }
  if ((text.title?.length ?? 0) > TITLE_LIMIT) {
    throw githubError('UNPROCESSABLE', `title is too long (maximum is ${TITLE_LIMIT} characters)`);
  }
  if (text.title?.trim() === '') throw githubError('UNPROCESSABLE', "title can't be blank");
};

export const repositoryOf = ({ parentId }: Conversation, { model }: Context): RecordOf<'Repository'> => {
  const repository = model.find(parentId, 'Repository');
  if (!repository) throw new Error(`the state holds a conversation of no repository: ${parentId}`);
  return repository;
};

export const conversationPath = (conversation: Conversation, context: Context): string => {
  const folder = conversation.kind === 'Issue' ? 'issues' : 'pull';
  return `/${repositoryOf(conversation, context).nameWithOwner}/${folder}/${conversation.number}`;
};

const labels: Resolver<Conversation, PageArguments> = ({ labelIds }, args, { model }) => {
  const known = labelIds.map((id) => model.find(id, 'Label')).filter((label) => label !== undefined);
  return paginate('labels', known, args);
};

const comments: Resolver<Conversation, PageArguments & { orderBy?: { direction: 'ASC' | 'DESC' } | null }> = (
  { id },
  args,
  { model },
) => {
  const rows = [...model.children(id, 'IssueComment')].sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  const asMade = model.children(id, 'IssueComment');
  if (!args.orderBy) return paginate('comments', asMade, args);
  return paginate('comments', args.orderBy.direction === 'DESC' ? rows.reverse() : rows, args);
};

const projectItems: Resolver<Conversation, PageArguments & { includeArchived: boolean }> = ({ id }, args, { model }) =>
  paginate(
    'projectItems',
    model.all('ProjectV2Item').filter((item) => item.contentId === id && (args.includeArchived || !item.isArchived)),
    args,
  );

/** What issues and pull requests have in common. */
export const conversationResolvers = {
  author: ({ author }: Conversation, _: unknown, { model }: Context) => actor(model, author),
  bodyText: ({ body }: Conversation) => body,
  closed: ({ state }: Conversation) => state !== 'OPEN',
  comments,
  labels,
  projectItems,
  locked: () => false,
  repository: (conversation: Conversation, _: unknown, context: Context) => repositoryOf(conversation, context),
  resourcePath: (conversation: Conversation, _: unknown, context: Context) => conversationPath(conversation, context),
  url: (conversation: Conversation, _: unknown, context: Context) =>
    `${context.serverUrl}${conversationPath(conversation, context)}`,
  viewerCanUpdate: (_: unknown, __: unknown, { viewer }: Context) => viewer.canWrite,
  viewerDidAuthor: ({ author }: Conversation, _: unknown, { viewer }: Context) => author === viewer.login,
};
