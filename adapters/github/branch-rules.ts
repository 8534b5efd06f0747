import { request as octokitRequest } from '@octokit/request';
import { blockingRule } from '../../domain/branch-rules';
import { hasCode } from '../../domain/errors';
import { TIMEOUT_MILLISECONDS } from './graphql-client';
import { refuseRedirects } from './refuse-redirects';
import { translateGitHubError } from './translate-github-error';

export type RuledBranch = { readonly apiUrl: string; readonly repository: string; readonly branch: string };

export type BranchRule = {
  /** As REST names it: `required_signatures`, `pull_request` … */
  readonly type: string;
  /** Whether the account behind the token may push all the same; null when GitHub does not say. */
  readonly mayBypass: boolean | null;
};

const BYPASSING = new Set(['always', 'exempt']);

/**
 * The rules of rulesets that hold for a branch, which need not exist, and that keep the worker from pushing. GraphQL has the rules, too, but not who may bypass
 * them. @throws what GitHub may answer
 */
export const readBlockingRules = async (
  { apiUrl, repository, branch }: RuledBranch,
  token: string,
): Promise<readonly BranchRule[]> => {
  const [owner = '', repo = ''] = repository.split('/');
  const ask = octokitRequest.defaults({ baseUrl: apiUrl, headers: { authorization: `token ${token}` } });
  const translated = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw translateGitHubError(error, new Date());
    }
  };
  const bounded = () => ({
    owner,
    repo,
    request: { fetch: refuseRedirects, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) },
  });
  const mayBypass = async (ruleset_id: number): Promise<boolean | null> => {
    try {
      const place = { ruleset_id, ...bounded() };
      const { data } = await translated(ask('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', place));
      return data.current_user_can_bypass === undefined ? null : BYPASSING.has(data.current_user_can_bypass);
    } catch (error) {
      if (hasCode(error, 'NotFound', 'PermissionDenied')) return null;
      throw error;
    }
  };
  const place = { branch, ...bounded() };
  const { data } = await translated(ask('GET /repos/{owner}/{repo}/rules/branches/{branch}', place));
  const rules: BranchRule[] = [];
  for (const { type, ruleset_id } of data.filter((rule) => blockingRule(rule.type)))
    rules.push({ type, mayBypass: ruleset_id === undefined ? null : await mayBypass(ruleset_id) });
  return rules;
};
