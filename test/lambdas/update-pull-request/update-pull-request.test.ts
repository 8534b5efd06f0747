import { expect } from 'chai';
import { updatePullRequestContract } from '../../../lambdas/update-pull-request/contract';
import { tokens } from '../../local/github/github-fixture';
import { HEAD } from '../../support/build-results';
import { failureOf } from '../../support/failure-of';
import { pullRequestBench } from './pull-request-bench';

const red = { kind: 'red' as const, reasons: [{ code: 'TestsFailed' as const, message: 'The tests failed.' }] };

describe('updatePullRequest', () => {
  const task = pullRequestBench();
  const { bench, update, pulls, issueComments } = task;
  const faults = () => bench().github.github.faults;

  it('opens a pull request for green work, comments on it, and moves the item to review', async () => {
    const output = await update();
    expect(updatePullRequestContract.output.parse(output)).to.deep.equal({
      pullRequest: { number: 2, url: `${bench().github.github.serverUrl}/acme/work/pull/2`, isDraft: false },
      action: 'created',
      status: 'inReview',
    });
    const [pull] = pulls();
    expect(pull).to.include({ title: 'Issue 1 (#1)', isDraft: false, state: 'OPEN', author: 'worker' });
    expect(pull?.comments).to.deep.equal([
      `<!-- kiro-codebuild-worker:result:${task.item().itemId} -->\nThe work is ready for review: 1 of 1 task done, 1 commit, tests passed.`,
    ]);
    expect(bench().statusOf(1)).to.equal('In review');
    expect(issueComments()).to.deep.equal([]);
  });

  it('opens a draft for red work, says why, and asks for attention', async () => {
    const output = await update({ verdict: red });
    expect(output).to.deep.include({ action: 'created', status: 'needsAttention' });
    const [pull] = pulls();
    expect(pull?.isDraft).to.equal(true);
    expect(pull?.body).to.match(/^> \[!WARNING\]\n> \*\*Not ready\.\*\* Why:\n> - The tests failed\./);
    expect(pull?.comments[0]).to.match(/is \*\*not\*\* ready.*\n\n- The tests failed\.\n\nTo go on, move #1 back/);
    expect(bench().statusOf(1)).to.equal('Needs attention');
  });

  it('brings the same pull request and comment up to date: draft, ready, draft', async () => {
    await update({ verdict: red });
    expect(await update()).to.deep.include({ action: 'updated', status: 'inReview' });
    expect(pulls()[0]?.isDraft).to.equal(false);
    expect((await update({ verdict: red })).pullRequest?.isDraft).to.equal(true);
    expect(pulls()).to.have.length(1);
    expect(pulls()[0]?.comments).to.have.length(1);
    expect(pulls()[0]?.body).to.match(/Not ready/);
  });

  it('never opens two, also when two ask at once', async () => {
    const outputs = await Promise.all([update(), update()]);
    expect(pulls()).to.have.length(1);
    expect(new Set(outputs.map(({ pullRequest }) => pullRequest?.number)).size).to.equal(1);
  });

  for (const operation of ['CreatePullRequest', 'AddComment', 'UpdatePullRequest', 'SetStatus'])
    it(`never doubles anything when the answer to ${operation} is lost and the step is tried again`, async () => {
      if (operation === 'UpdatePullRequest') await update();
      faults().add({ kind: 'unavailable', status: 502, operation, afterEffect: true });
      expect((await failureOf(update())).name).to.equal('GitHubUnavailable');
      await update();
      expect(pulls()).to.have.length(1);
      expect(pulls()[0]?.comments).to.have.length(1);
      expect(bench().statusOf(1)).to.equal('In review');
    });

  it('opens a new one when a person has closed the first', async () => {
    await update();
    const [first] = bench().github.github.model.all('PullRequest');
    if (first) bench().github.github.model.put({ ...first, state: 'CLOSED' });
    expect((await update()).action).to.equal('created');
    expect(pulls().map(({ state }) => state)).to.deep.equal(['CLOSED', 'OPEN']);
  });

  it('opens one for finished work whose pull request an earlier try did not get to', async () => {
    const output = await update({ result: { resultHead: HEAD, commits: [], bundle: null } });
    expect(output.action).to.equal('created');
  });

  it("leaves somebody else's pull request of the same branch alone, and says what to do", async () => {
    const onlooker = { token: 'second-writer-0003', login: 'other', canWrite: true };
    tokens.push(onlooker);
    try {
      await update({ token: onlooker.token });
      const before = pulls();
      const error = await failureOf(update());
      expect(error.name).to.equal('GitHubRefused');
      expect(error.message).to.equal('Somebody else has opened a pull request from "feature" into "main".');
      expect(error.remedy).to.match(/close it and redrive/);
      expect(pulls()).to.deep.equal(before);
    } finally {
      tokens.pop();
    }
  });

  it('fails when the pull request cannot be made ready: a green verdict must not look like a draft', async () => {
    await update({ verdict: red });
    faults().add({ kind: 'unavailable', status: 502, operation: 'MarkReady' });
    expect((await failureOf(update())).name).to.equal('GitHubUnavailable');
    expect(pulls()[0]?.isDraft).to.equal(true);
  });

  it('writes nothing more once the lease is lost', async () => {
    await task.loseLease();
    expect((await failureOf(update())).name).to.equal('LeaseLost');
    expect(pulls()).to.deep.equal([]);
    expect(bench().statusOf(1)).to.equal('In progress');
  });

  it('checks the lease before each write: what was lost between two is not written', async () => {
    for (const left of [1, 2]) {
      let checks = left;
      const error = await failureOf(
        update({
          change: () => ({
            locks: {
              isCurrent: async () => {
                checks -= 1;
                return checks >= 0;
              },
            },
          }),
        }),
      );
      expect(error.name).to.equal('LeaseLost');
      expect(pulls()).to.have.length(1);
      expect(pulls()[0]?.comments).to.have.length(left - 1);
      expect(bench().statusOf(1)).to.equal('In progress');
    }
  });

  it('shows in a dry run what it would write to GitHub', async () => {
    await update({ dryRun: true, verdict: red });
    const [text = ''] = task.previews.values();
    expect(text).to.match(
      /^# Issue 1 \(#1\)\n\nAs a draft from `feature` into `main` of acme\/work\.\n\n> \[!WARNING\]/,
    );
    expect(text).to.match(/\n---\n[\s\S]*is \*\*not\*\* ready/);
  });

  it('writes nothing in a dry run', async () => {
    expect(await update({ dryRun: true })).to.deep.equal({ pullRequest: null, action: 'dry-run', status: 'inReview' });
    expect([pulls(), issueComments(), bench().statusOf(1)]).to.deep.equal([[], [], 'In progress']);
  });

  it('says which file is missing or wrong', async () => {
    const gone = (key: RegExp) => ({
      change: ({
        artifacts,
      }: {
        artifacts: { readText: (key: string, version?: string) => Promise<string | null> };
      }) => ({
        artifacts: {
          readText: async (name: string, version?: string) =>
            key.test(name) ? null : artifacts.readText(name, version),
        },
      }),
    });
    expect((await failureOf(update(gone(/result\.json/)))).message).to.match(/no builds\/run-1\/build\/result\.json/);
    expect((await failureOf(update(gone(/verdicts/)))).message).to.match(/no verdicts\/run-1\.json/);
    const broken = { change: () => ({ artifacts: { readText: async () => '{' } }) };
    expect((await failureOf(update(broken))).name).to.equal('ResultInvalid');
  });
});

describe('updatePullRequest, where drafts are not allowed,', () => {
  const { update, pulls } = pullRequestBench({ allowsDrafts: false });

  it('opens a normal pull request that begins with why it is not ready, and keeps it', async () => {
    expect((await update({ verdict: red })).pullRequest?.isDraft).to.equal(false);
    expect(pulls()[0]?.body).to.match(/^> \[!WARNING\]/);
    expect((await update({ verdict: red })).action).to.equal('updated');
    await update();
    expect((await update({ verdict: red })).pullRequest?.isDraft).to.equal(false);
    expect(pulls()).to.have.length(1);
  });
});

describe('updatePullRequest, where the branch has no commits of its own,', () => {
  const { bench, update, pulls, issueComments } = pullRequestBench({}, 'level');

  it('comments on the issue, once, and opens nothing', async () => {
    const nothing = { result: { resultHead: HEAD, commits: [], bundle: null }, verdict: red };
    expect(await update(nothing)).to.deep.equal({ pullRequest: null, action: 'commented', status: 'needsAttention' });
    await update(nothing);
    expect(pulls()).to.deep.equal([]);
    expect(issueComments()).to.have.length(1);
    expect(issueComments()[0]).to.match(/is \*\*not\*\* ready: .*, nothing was committed/);
    expect(bench().statusOf(1)).to.equal('Needs attention');
  });
});
