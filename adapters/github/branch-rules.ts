import { request as octokitRequest } from '@octokit/request';
import { TIMEOUT_MILLISECONDS } from './graphql-client';
import { translateGitHubError } from './translate-github-error';

type Place = { readonly apiUrl: string; readonly repository: string; readonly branch: string };

export type BranchRule = {
  /** As REST names it: `required_signatures`, `pull_request` … */
  readonly type: string;
  /** Whether the account behind the token may push all the same. */
  readonly mayBypass: boolean;
};

/** The rules of rulesets that hold for a branch, which need not exist. @throws what GitHub may answer */
export const readBranchRules = async (
  { apiUrl, repository, branch }: Place,
  token: string,
): Promise<readonly BranchRule[]> => {
  const [owner = '', repo = ''] = repository.split('/');
  const ask = octokitRequest.defaults({ baseUrl: apiUrl, headers: { authorization: `token ${token}` } });
  const bounded = () => ({ request: { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) } });
  const mayBypass = async (ruleset_id: number): Promise<boolean> => {
    const place = { owner, repo, ruleset_id, ...bounded() };
    const { data } = await ask('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', place);
    return data.current_user_can_bypass === 'always';
  };
  try {
    const place = { owner, repo, branch, ...bounded() };
    const { data } = await ask('GET /repos/{owner}/{repo}/rules/branches/{branch}', place);
    const rules: BranchRule[] = [];
    for (const { type, ruleset_id } of data)
      rules.push({ type, mayBypass: ruleset_id === undefined ? false : await mayBypass(ruleset_id) });
    return rules;
  } catch (error) {
    throw translateGitHubError(error, new Date());
  }
};
