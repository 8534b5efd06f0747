import { type PageArguments, paginate } from '../connection';
import type { Resolver, TypeResolvers } from '../context';
import { nodeId } from '../node-id';
import type { RecordOf } from '../records';
import { conversationResolvers, repositoryOf } from './conversation';
import { readRef } from './ref';

type Issue = RecordOf<'Issue'>;

const linkedBranches: Resolver<Issue, PageArguments> = (issue, args, context) => {
  const repository = repositoryOf(issue, context);
  const rows = issue.linkedBranches.map((name) => ({
    kind: 'LinkedBranch',
    id: nodeId('LinkedBranch', issue.id, name),
    ref: () => readRef(repository, name, context),
  }));
  return paginate('linkedBranches', rows, args);
};

const blockedBy: Resolver<Issue, PageArguments> = ({ blockedByIds }, args, { model }) => {
  const known = blockedByIds.map((id) => model.find(id, 'Issue')).filter((issue) => issue !== undefined);
  return paginate('blockedBy', known, args);
};

const blocking: Resolver<Issue, PageArguments> = ({ id }, args, { model }) =>
  paginate(
    'blocking',
    model.all('Issue').filter((issue) => issue.blockedByIds.includes(id)),
    args,
  );

export const issueResolvers: TypeResolvers = {
  ...conversationResolvers,
  linkedBranches,
  blockedBy,
  blocking,
  stateReason: ({ state }: Issue) => (state === 'CLOSED' ? 'COMPLETED' : null),
};
