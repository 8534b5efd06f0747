import { expect } from 'chai';
import { pushRefusal } from '../../../adapters/git/push-answer';

/** Answers of git and GitHub as users have posted them. */
const answer = (line: string, stderr: string, exitCode = 1) => ({
  exitCode,
  stdout: `To https://github.com/acme/shop.git\n${line}\nDone\n`,
  stderr,
});
const refused = (line: string, stderr = '') => pushRefusal(answer(line, stderr), 'feature/cart', 'acme/shop');
const ref = 'abc:refs/heads/feature/cart';

describe('pushRefusal', () => {
  it('is null for what was pushed, or was there', () => {
    for (const line of [` \t${ref}\tabc..def`, `=\t${ref}\t[up to date]`, `+\t${ref}\tabc...def (forced update)`])
      expect(pushRefusal(answer(line, '', 0), 'feature/cart', 'acme/shop')).to.equal(null);
  });

  it('hands on the rule that a ruleset names', () => {
    const error = refused(
      `!\t${ref}\t[remote rejected] (push declined due to repository rule violations)`,
      'remote: error: GH013: Repository rule violations found for refs/heads/feature/cart.        \n' +
        'remote: Review all repository rules at https://github.com/acme/shop/rules?ref=refs%2Fheads%2Ffeature        \n' +
        'remote: \nremote: - Commits must have verified signatures.        \nremote: \n' +
        "error: failed to push some refs to 'https://github.com/acme/shop.git'\n",
    );
    expect(error?.code).to.equal('PushRefused');
    expect(error?.message).to.include('push declined due to repository rule violations');
    expect(error?.message).to.include('GH013: Repository rule violations found');
    expect(error?.message).to.include('- Commits must have verified signatures.');
    expect(error?.message).not.to.include('failed to push some refs');
  });

  it('hands on what a hook and a missing scope say', () => {
    expect(refused(`!\t${ref}\t[remote rejected] (pre-receive hook declined)`)?.code).to.equal('PushRefused');
    const scope =
      'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope';
    expect(refused(`!\t${ref}\t[remote rejected] (${scope})`)?.message).to.include(scope);
  });

  it('tells a branch that has moved', () => {
    for (const why of [
      '[rejected] (stale info)',
      '[rejected] (fetch first)',
      '[rejected] (non-fast-forward)',
      "[remote rejected] (cannot lock ref 'refs/heads/feature/cart': is at abc but expected def)",
    ])
      expect(refused(`!\t${ref}\t${why}`)?.code).to.equal('BranchMoved');
  });

  it('tells a branch that is checked out where it is to be pushed', () => {
    const error = refused(`!\t${ref}\t[remote rejected] (branch is currently checked out)`);
    expect(error?.code).to.equal('BranchCheckedOut');
    expect(error?.remedy).to.match(/another branch/);
  });

  it('falls back on what git says when there was no answer about the branch', () => {
    const failed = (stderr: string) => pushRefusal({ exitCode: 128, stdout: '', stderr }, 'feature/cart', 'acme/shop');
    const unreachable =
      "fatal: unable to access 'https://github.com/acme/shop.git/': Could not resolve host: github.com";
    expect(failed(unreachable)?.code).to.equal('RepositoryUnreachable');
    expect(
      failed(
        'remote: Write access to repository not granted.\nfatal: unable to access: The requested URL returned error: 403',
      )?.code,
    ).to.equal('PushRefused');
    expect(failed('fatal: bad things')?.code).to.equal('UnexpectedFault');
    expect(failed('')?.message).to.match(/exit code 128/);
  });
});
