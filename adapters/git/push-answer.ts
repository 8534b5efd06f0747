import { WorkerError } from '../../domain/errors';
import { classifyGitFailure, wordsOfServer } from './classify-git-failure';
import type { GitAnswer } from './git-answer';
import { findPushRule } from './push-rules';

/** The line of `git push --porcelain` about our one ref: flag, from:to, summary (git-push(1)). */
const refLine = (stdout: string): { readonly flag: string; readonly summary: string } | null => {
  const [, flag, summary] = /^([ +\-*!=])\t[^\t]*\t(.*)$/m.exec(stdout) ?? [];
  return flag === undefined || summary === undefined ? null : { flag, summary };
};

const MOVED =
  /stale info|fetch first|non-fast-forward|needs force|cannot lock ref|reference already exists|failed to update ref/;

/**
 * Why a push was refused; null when it was not. What GitHub says (rulesets, push protection, permissions, hooks) is handed on in its own words; the
 * rules that people meet have reasons and remedies of their own (push-rules.ts).
 * `stderr` must have been redacted.
 */
export const pushRefusal = (answer: GitAnswer, branch: string, repository: string): WorkerError | null => {
  const line = refLine(answer.stdout);
  if (answer.exitCode === 0 && line && line.flag !== '!') return null;
  if (line?.flag === '!' && MOVED.test(line.summary))
    return new WorkerError(
      'BranchMoved',
      `"${branch}" of ${repository} was changed by somebody else while the build ran.`,
      'Their commits are kept; nothing was pushed. Start the item again.',
    );
  if (line && /currently checked out/.test(line.summary))
    return new WorkerError(
      'BranchCheckedOut',
      `"${branch}" is checked out in ${repository}, so it cannot be pushed to.`,
      'Check out another branch there.',
    );
  const words = [line?.flag === '!' ? line.summary : '', wordsOfServer(answer.stderr)].filter(Boolean).join('\n');
  const isSaid = /returned error: 403|Permission to .* denied|pack exceeds maximum allowed size/.test(answer.stderr);
  // A 403 may also be a limit, which passes.
  if (line?.flag === '!' || (isSaid && words !== '' && !/rate limit/i.test(answer.stderr))) {
    const rule = findPushRule(words);
    return new WorkerError(
      rule?.code ?? 'PushRefused',
      `GitHub refused the push to "${branch}" of ${repository}: ${words}`,
      rule?.remedy ??
        'Let the worker push to this branch (rules, permissions of the git credential), or mend what the rule names.',
    );
  }
  return classifyGitFailure('push', true, answer);
};
