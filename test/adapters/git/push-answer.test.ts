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

  it('hands on what git says where a proxy, or a server without words, denies the push', () => {
    const denied = "fatal: unable to access 'https://github.com/acme/shop.git/': The requested URL returned error: 403";
    const refusal = pushRefusal({ exitCode: 128, stdout: '', stderr: denied }, 'feature/cart', 'acme/shop');
    expect(refusal?.code).to.equal('PermissionDenied');
    expect(refusal?.message).to.include('error: 403');
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
      'CommitNotAllowed',
      declined,
      ruleset('Commit message must match a given regex pattern: ^[A-Z]+-\\d+', 'Found 1 violation:'),
      /squash/,
    ],
    [
      'PermissionDenied',
      'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope',
      '',
      /workflows/,
    ],
  ];
  const merge = 'Changes must be made through the merge queue';
  const queued = [
    'error: A pull request for this branch has been added to a merge queue. Branches that        ',
    'are queued for merging cannot be updated. To modify this branch, dequeue the        ',
    'associated pull request.        ',
  ];
  const reviewed = 'At least 1 approving review is required by reviewers with write access.';
  const large = [
    'error: Trace: 00da36c15c30d60ef4cff1f77d874a41aa4664da60639a903583f7f97db19b15',
    'error: See https://gh.io/lfs for more information.',
    "error: File data/all.bin is 656.59 MB; this exceeds GitHub's file size limit of 100.00 MB",
    'error: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.',
  ];
  const remote = (lines: readonly string[]) => lines.map((line) => `remote: ${line}\n`).join('');
  const largeEnough = [
    'warning: GH001: Large files detected. You may want to try Git Large File Storage - https://git-lfs.github.com.',
    "warning: File a.bin is 62.69 MB; this is larger than GitHub's recommended maximum file size of 50.00 MB",
  ];
  const refusing = (who: string) =>
    `refusing to allow ${who} to create or update workflow \`.github/workflows/ci.yml\` without \`workflows\` permission`;
  const more: typeof rules = [
    ['ChangeTooLarge', 'pre-receive hook declined', remote(large), /Git LFS/],
    ['ChangeTooLarge', declined, ruleset('File size exceeds 10 MB', 'Found 1 violation:'), /Git LFS/],
    ['PullRequestRequired', hook, remote(largeEnough) + protection(`error: ${reviewed}`), /covers feature branches/],
    ['PullRequestRequired', hook, protection('error: Changes have been requested.'), /covers feature branches/],
    [
      'PullRequestRequired',
      hook,
      protection('error: At least one approved review is required by reviewers with write access.'),
      /covers/,
    ],
    ['BranchQueued', hook, protection(...queued), /take it out of the queue/],
    ['PushRestricted', declined, ruleset(merge, throughPull), /merge queue of the base branch/],
    [
      'LinearHistoryRequired',
      declined,
      ruleset('This branch must not contain merge commits.', 'Found 1 violation:'),
      /rebase/,
    ],
    ['LinearHistoryRequired', hook, protection('error: This branch must not contain merge commits.'), /rebase/],
    ['FileNotAllowed', declined, ruleset('File path is restricted', 'Found 1 violation:'), /avoid it/],
    ['FileNotAllowed', declined, ruleset('File extensions are restricted'), /avoid it/],
    ['FileNotAllowed', declined, ruleset('File path length must be less than 100'), /avoid it/],
    ['CommitNotAllowed', declined, ruleset('Author email must end with @acme.example'), /bypass/],
    ['CommitNotAllowed', declined, ruleset('Committer email must match a given regex pattern: .*@acme'), /bypass/],
    [
      'CommitNotAllowed',
      'push declined due to email privacy restrictions',
      remote(['error: GH007: Your push would publish a private email address.']),
      /addresses/,
    ],
    ['BranchForbidden', declined, ruleset('Ref name must match a given regex pattern: ^feat/'), /Rename/],
    ['SecretInChange', declined, remote(['error: GH009: Secrets detected! This push failed.']), /revoke/],
    ['PermissionDenied', refusing('a GitHub App'), '', /Workflows/],
    ['PermissionDenied', refusing('an OAuth App'), '', /scope workflow/],
    ['PushRefused', declined, ruleset('A rule of the future.'), /what the rule names/],
    ['PushRefused', 'pre-receive hook declined', remote(largeEnough), /what the rule names/],
  ];
  for (const [code, summary, stderr, remedy] of [...rules, ...more])
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

  it('tells what keeps a credential out of the whole repository', () => {
    const failed = (words: string, status = 403) =>
      pushRefusal(
        {
          exitCode: 128,
          stdout: '',
          stderr: `remote: ${words}\nfatal: unable to access 'https://github.com/acme/shop.git/': The requested URL returned error: ${status}\n`,
        },
        'feature/cart',
        'acme/shop',
      );
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['This repository was archived so it is read-only.', 'RepositoryArchived', /Unarchive/],
      ["The 'acme' organization has enabled or enforced SAML SSO.", 'PermissionDenied', /Configure SSO/],
      ['Permission to acme/shop.git denied to worker.', 'PermissionDenied', /role Write/],
      ['Write access to repository not granted.', 'PermissionDenied', /Contents: read and write/],
    ];
    for (const [words, code, remedy] of cases) {
      expect(failed(words)?.code, words).to.equal(code);
      expect(failed(words)?.remedy, words).to.match(remedy);
    }
    expect(failed('API rate limit exceeded.')?.code).to.equal('RateLimited');
    const pack = 'fatal: pack exceeds maximum allowed size (2.00 GiB)';
    const hungUp = {
      exitCode: 128,
      stdout: '',
      stderr: `remote: ${pack}\nfatal: the remote end hung up unexpectedly\n`,
    };
    expect(pushRefusal(hungUp, 'feature/cart', 'acme/shop')?.code).to.equal('ChangeTooLarge');
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
    ).to.equal('PermissionDenied');
    expect(failed('fatal: bad things')?.code).to.equal('UnexpectedFault');
    expect(failed('')?.message).to.match(/exit code 128/);
  });
});
