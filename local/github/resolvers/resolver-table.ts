import type { Resolver, TypeResolvers } from '../context';
import { githubError } from '../github-error';
import type { RecordOf } from '../records';
import { accountResolvers, actor } from './account';
import { issueResolvers } from './issue';
import { issueCommentResolvers } from './issue-comment';
import { clearProjectV2ItemFieldValue, updateProjectV2ItemFieldValue } from './mutation-board';
import { addComment, addLabelsToLabelable, updateIssueComment } from './mutation-conversation';
import {
  convertPullRequestToDraft,
  createPullRequest,
  markPullRequestReadyForReview,
  updatePullRequest,
} from './mutation-pull-request';
import { projectResolvers } from './project';
import { projectFieldResolvers, singleSelectFieldResolvers } from './project-field';
import { projectItemResolvers } from './project-item';
import { pullRequestResolvers } from './pull-request';
import { queryResolvers } from './query';
import { branchProtectionRuleResolvers, commitResolvers, refResolvers } from './ref';
import { repositoryResolvers } from './repository';

/** Checks the permission before, and has the state on disk before the answer leaves. */
const mutation =
  <A extends { readonly input: object }>(resolve: Resolver<unknown, A>): Resolver<unknown, A> =>
  async (source, args, context, info) => {
    if (!context.viewer.canWrite) {
      throw githubError('FORBIDDEN', 'Resource not accessible by personal access token');
    }
    const payload = await resolve(source, args, context, info);
    context.model.save();
    const clientMutationId = 'clientMutationId' in args.input ? args.input.clientMutationId : null;
    return { clientMutationId, ...(payload as object) };
  };

const draftIssueResolvers: TypeResolvers = {
  bodyText: ({ body }: RecordOf<'DraftIssue'>) => body,
  creator: ({ author }: RecordOf<'DraftIssue'>, _, { model }) => actor(model, author),
};

/** Which fields are computed, by GraphQL type. Every other field is a property of the record. */
export const resolverTable: Readonly<Record<string, TypeResolvers>> = {
  Query: queryResolvers,
  Mutation: {
    updateProjectV2ItemFieldValue: mutation(updateProjectV2ItemFieldValue),
    clearProjectV2ItemFieldValue: mutation(clearProjectV2ItemFieldValue),
    createPullRequest: mutation(createPullRequest),
    updatePullRequest: mutation(updatePullRequest),
    markPullRequestReadyForReview: mutation(markPullRequestReadyForReview),
    convertPullRequestToDraft: mutation(convertPullRequestToDraft),
    addComment: mutation(addComment),
    updateIssueComment: mutation(updateIssueComment),
    addLabelsToLabelable: mutation(addLabelsToLabelable),
  },
  Organization: accountResolvers,
  User: accountResolvers,
  Repository: repositoryResolvers,
  Ref: refResolvers,
  Commit: commitResolvers,
  BranchProtectionRule: branchProtectionRuleResolvers,
  Issue: issueResolvers,
  PullRequest: pullRequestResolvers,
  IssueComment: issueCommentResolvers,
  DraftIssue: draftIssueResolvers,
  ProjectV2: projectResolvers,
  ProjectV2Field: projectFieldResolvers,
  ProjectV2SingleSelectField: singleSelectFieldResolvers,
  ProjectV2Item: projectItemResolvers,
};
