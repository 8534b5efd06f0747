import type { Resolver } from '../context';
import { githubError, notANode } from '../github-error';
import { nodeId } from '../node-id';
import type { RecordOf } from '../records';
import { checkText } from './conversation';

type Comment = RecordOf<'IssueComment'>;

const checkBody = (body: string): void => {
  checkText({ body });
  if (body.trim() === '') throw githubError('UNPROCESSABLE', "Body can't be blank");
};

export const addComment: Resolver<unknown, { input: { subjectId: string; body: string } }> = (
  _,
  { input },
  context,
) => {
  const { model, viewer } = context;
  const subject = model.find(input.subjectId, 'Issue', 'PullRequest');
  if (!subject) throw notANode(input.subjectId);
  checkBody(input.body);
  const now = context.now();
  const ordinal = model.children(subject.id, 'IssueComment').length + 1;
  const comment: Comment = {
    kind: 'IssueComment',
    id: nodeId('IssueComment', subject.id, ordinal),
    parentId: subject.id,
    body: input.body,
    author: viewer.login,
    createdAt: now,
    updatedAt: now,
  };
  model.put(comment);
  return { subject, commentEdge: { cursor: comment.id, node: comment } };
};

export const updateIssueComment: Resolver<unknown, { input: { id: string; body: string } }> = (
  _,
  { input },
  { model, now },
) => {
  const known = model.find(input.id, 'IssueComment');
  if (!known) throw notANode(input.id);
  checkBody(input.body);
  const issueComment: Comment = { ...known, body: input.body, updatedAt: now() };
  model.put(issueComment);
  return { issueComment };
};

export const addLabelsToLabelable: Resolver<
  unknown,
  { input: { labelableId: string; labelIds: readonly string[] } }
> = (_, { input }, { model, now }) => {
  const known = model.find(input.labelableId, 'Issue', 'PullRequest');
  if (!known) throw notANode(input.labelableId);
  const foreign = input.labelIds.find((id) => model.find(id, 'Label')?.parentId !== known.parentId);
  if (foreign !== undefined) throw notANode(foreign);
  const labelable = { ...known, labelIds: [...new Set([...known.labelIds, ...input.labelIds])], updatedAt: now() };
  model.put(labelable);
  return { labelable };
};
