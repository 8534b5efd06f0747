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

  const ruleset = (...rules: readonly string[]) =>
    [
      'error: GH013: Repository rule violations found for refs/heads/feature/cart.        ',
      'Review all repository rules at https://github.com/acme/shop/rules?ref=refs%2Fheads%2Ffeature        ',
      ...rules.flatMap((rule) => ['', `- ${rule}        `]),
      '',
    ]
      .map((line) => `remote: ${line}\n`)
      .join('');
  const protection = (...words: readonly string[]) =>
    ['error: GH006: Protected branch update failed for refs/heads/feature/cart.        ', ...words]
      .map((line) => `remote: ${line}\n`)
      .join('');
  const declined = 'push declined due to repository rule violations';
  const hook = 'protected branch hook declined';
  const visit =
    "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/";
  const verified = 'Commits must have verified signatures.';
  const throughPull = 'Changes must be made through a pull request.';

  const rules: readonly (readonly [string, string, string, RegExp])[] = [
    ['SignedCommitsRequired', declined, ruleset(verified, 'Found 1 violation:'), /not signed/],
    ['SignedCommitsRequired', hook, protection(`error: ${verified}`), /base branch only/],
    ['StatusCheckRequired', declined, ruleset('Required status check "build" is expected.'), /not pushed yet/],
    ['StatusCheckRequired', declined, ruleset('2 of 2 required status checks are expected.'), /not pushed yet/],
    ['StatusCheckRequired', hook, protection('error: Required status check "ci/circleci: test" is expected.'), /base/],
    ['StatusCheckRequired', hook, protection('error: 4 of 6 required status checks are expected.'), /base/],
    ['PullRequestRequired', declined, ruleset(throughPull), /covers feature branches/],
    ['PullRequestRequired', hook, protection('', `- ${throughPull}`), /covers feature branches/],
    [
      'PullRequestRequired',
      hook,
      protection(`error: ${throughPull} Required status check "Build" is expected.`),
      /bypass/,
    ],
    ['PushRestricted', hook, protection('', `- ${throughPull}`, '', `- ${visit}`), /Only some/],
    [
      'PushRestricted',
      hook,
      protection(`error: 2 of 2 required status checks have not succeeded: 1 expected. ${visit}`),
      /Only/,
    ],
    ['PushRestricted', declined, ruleset('Cannot update this protected ref.'), /Only some/],
    ['PushRestricted', declined, ruleset('Cannot create ref due to creations being restricted.'), /Only some/],
    ['SecretInChange', declined, ruleset('GITHUB PUSH PROTECTION', 'Push cannot contain secrets'), /revoke/],
    [
      'PushRefused',
      declined,
      ruleset('Commit message must match a given regex pattern: ^[A-Z]+-\\d+'),
      /what the rule names/,
    ],
    [
      'PermissionDenied',
      'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope',
      '',
      /workflows/,
    ],
  ];
  for (const [code, summary, stderr, remedy] of rules)
    it(`tells ${code} by ${stderr.split('\n').slice(-3, -1).join(' ').replace(/ +/g, ' ').trim() || summary}`, () => {
      const error = refused(`!\t${ref}\t[remote rejected] (${summary})`, stderr);
      expect(error?.code).to.equal(code);
      expect(error?.remedy).to.match(remedy);
      expect(error?.message).to.include(summary);
    });

  it('hands on every word of GitHub, and none of what git adds', () => {
    const stderr = `${ruleset(verified)}error: failed to push some refs to 'https://github.com/acme/shop.git'\n`;
    const error = refused(`!\t${ref}\t[remote rejected] (${declined})`, stderr);
    expect(error?.message).to.include('GH013: Repository rule violations found').and.include(`- ${verified}`);
    expect(error?.message).not.to.include('failed to push some refs');
  });

  it('hands on what a hook says', () => {
    expect(refused(`!\t${ref}\t[remote rejected] (pre-receive hook declined)`)?.code).to.equal('PushRefused');
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
