import { expect } from 'chai';
import { githubBoardStatus } from '../../../adapters/github/board-status';
import { githubComments } from '../../../adapters/github/comments';
import { WorkerError } from '../../../domain/errors';
import type { Lease } from '../../../domain/lease';
import { createRedactor } from '../../../domain/redaction';
import { reportFailureContract } from '../../../lambdas/report-failure/contract';
import { failureMarker, reportFailure } from '../../../lambdas/report-failure/report-failure';
import { READER } from '../../local/github/github-fixture';
import { EXECUTION } from '../../support/build-results';
import { failureOf } from '../../support/failure-of';
import { settingsOf } from '../../support/github-bench';
import { executionOf } from '../../support/work-items';
import { pollBench } from '../poll-work-items/poll-bench';

const SECRET = 'gho_planted_secret_value_99';

describe('reportFailure', () => {
  const bench = pollBench();
  let lease: Lease;
  const files = new Map<string, string>();
  beforeEach(async () => {
    files.clear();
    await bench().github.plant({ rows: [{ number: 1 }] });
    const owner = executionOf(EXECUTION);
    const answer = await bench()
      .locks()
      .locks()
      .acquire({ item: bench().item(1), owner, dryRun: false });
    if (answer.outcome !== 'acquired') throw new Error(answer.message);
    lease = answer.lease;
    bench().move(1, 'In progress');
  });

  type Given = {
    readonly step?: string;
    readonly error?: string;
    readonly cause?: string;
    readonly dryRun?: boolean;
    readonly token?: string;
    readonly isCurrent?: () => Promise<boolean>;
    readonly readText?: (key: string) => Promise<string | null>;
  };
  const report = async ({ step = 'Build', error = 'States.TaskFailed', cause = '', ...given }: Given = {}) => {
    const { run } = given.token ? bench().github.clientOf(given.token) : bench().github;
    const settings = async () => settingsOf();
    const input = {
      item: bench().item(1),
      lease,
      executionArn: executionOf(EXECUTION),
      executionName: EXECUTION,
      failure: { step, error, cause },
      dryRun: given.dryRun ?? false,
    };
    const output = await reportFailure(reportFailureContract.input.parse(input), {
      locks: { isCurrent: given.isCurrent ?? bench().locks().locks().isCurrent },
      artifacts: { readText: given.readText ?? (async (key) => files.get(key) ?? null) },
      comments: githubComments({ run }),
      board: githubBoardStatus({ settings, run, pause: async () => undefined }),
      artifactsBucket: 'artifacts',
      commandOption: ' --env test',
      redact: createRedactor([SECRET]),
    });
    return reportFailureContract.output.parse(output);
  };
  const comments = () =>
    bench()
      .github.github.model.children(bench().item(1).issueId, 'IssueComment')
      .map(({ body }) => body);
  const leave = (step: 'checkout' | 'build' | 'publish', change: object = {}) =>
    files.set(
      `builds/${EXECUTION}/${step}/error.json`,
      JSON.stringify({
        version: 1,
        step: 'Build',
        code: 'AgentDied',
        message: 'The agent ended with exit code 7.',
        remedy: 'Look at its log.',
        logs: [{ name: 'agent', key: `builds/${EXECUTION}/build/logs/agent.txt` }],
        ...change,
      }),
    );

  it('tells what the build wrote down itself: which step, why, what to do, where the log is', async () => {
    leave('build');
    const output = await report({ cause: '{"Build":{"BuildStatus":"FAILED"}}' });
    expect(output).to.deep.equal({
      outcome: 'reported',
      code: 'AgentDied',
      message: 'The agent ended with exit code 7.',
    });
    expect(comments()).to.deep.equal([
      [
        failureMarker(bench().item(1).itemId),
        '**The work on this item failed** in the step Build.',
        '',
        '```text',
        'AgentDied: The agent ended with exit code 7.',
        '```',
        '',
        '**What to do:** Look at its log.',
        '',
        `- Execution \`${executionOf(EXECUTION)}\``,
        '- Files and logs: `s3://artifacts/builds/run-1/`',
        '- Log: `s3://artifacts/builds/run-1/build/logs/agent.txt`',
        '',
        'Once the cause is mended, it starts again with `kiro-worker dlq redrive run-1 --env test`, or when the item is moved back to the ready column.',
      ].join('\n'),
    ]);
    expect(bench().statusOf(1)).to.equal('Needs attention');
  });

  for (const [step, folder] of [
    ['Checkout', 'checkout'],
    ['Build', 'build'],
    ['Publish', 'publish'],
  ] as const)
    it(`reads what ${step} left in its own folder, and nobody else's`, async () => {
      leave(folder);
      expect((await report({ step })).code).to.equal('AgentDied');
      const other = step === 'Build' ? 'Checkout' : 'Build';
      expect((await report({ step: other })).code).to.equal('States.TaskFailed');
      expect((await report({ step: 'CoverageGate', error: 'ResultMissing' })).code).to.equal('ResultMissing');
    });

  it('falls back on what Step Functions saw when nothing, or nothing that can be read, was left', async () => {
    const cause = `{"Build":{"BuildStatus":"TIMED_OUT",${'x'.repeat(40_000)}`.slice(0, 32_768);
    const expected = { code: 'BuildTimedOut', message: 'The Build build ran into its time limit.' };
    expect(await report({ cause })).to.include(expected);
    for (const text of ['', '{', '[]', '{"version":2}']) {
      files.set(`builds/${EXECUTION}/build/error.json`, text);
      expect(await report({ cause }), text).to.include(expected);
    }
    const readText = async () => Promise.reject(new WorkerError('ResultInvalid', '17 MB'));
    expect(await report({ cause, readText })).to.include(expected);
  });

  it('is tried again when the bucket cannot be read at the moment', async () => {
    const readText = async () => Promise.reject(new WorkerError('AwsUnavailable', 'S3 is down'));
    expect((await failureOf(report({ readText }))).name).to.equal('AwsUnavailable');
  });

  it('edits its one comment in place, however often the item fails', async () => {
    await report({ error: 'LeaseLost', cause: '{"errorMessage":"first"}' });
    await report({ error: 'LeaseLost', cause: '{"errorMessage":"second"}' });
    expect(comments()).to.have.length(1);
    expect(comments()[0]).to.contain('LeaseLost: second').and.not.contain('first');
  });

  it("finds its comment among hundreds, and touches nobody else's", async () => {
    const { issueId, itemId } = bench().item(1);
    const { model } = bench().github.github;
    const time = '2026-01-01T00:00:00Z';
    const times = { parentId: issueId, createdAt: time, updatedAt: time };
    const forged = `${failureMarker(itemId)} mine`;
    for (let index = 0; index < 250; index += 1)
      model.put({
        kind: 'IssueComment',
        id: `IC_${index}`,
        ...times,
        body: index === 7 ? forged : 'chat',
        author: 'mona',
      });
    await report();
    await report();
    const bodies = comments();
    expect(bodies).to.have.length(251);
    expect(bodies[7]).to.equal(forged);
  });

  it('does not double its comment when the answer to it is lost', async () => {
    bench().github.github.faults.add({ kind: 'unavailable', status: 502, operation: 'AddComment', afterEffect: true });
    expect((await failureOf(report())).name).to.equal('GitHubUnavailable');
    await report();
    expect(comments()).to.have.length(1);
  });

  it('writes nothing without the lease, and stops between two writes when it is lost', async () => {
    expect((await report({ isCurrent: async () => false })).outcome).to.equal('lease-lost');
    expect([comments(), bench().statusOf(1)]).to.deep.equal([[], 'In progress']);
    let checks = 1;
    const isCurrent = async () => {
      checks -= 1;
      return checks >= 0;
    };
    expect((await report({ isCurrent })).outcome).to.equal('lease-lost');
    expect([comments().length, bench().statusOf(1)]).to.deep.equal([1, 'In progress']);
  });

  it('writes nothing in a dry run, and says what it would have said', async () => {
    leave('build');
    expect(await report({ dryRun: true })).to.deep.equal({
      outcome: 'dry-run',
      code: 'AgentDied',
      message: 'The agent ended with exit code 7.',
    });
    expect([comments(), bench().statusOf(1)]).to.deep.equal([[], 'In progress']);
  });

  it('says what the token may not do', async () => {
    expect((await failureOf(report({ token: READER }))).name).to.equal('PermissionDenied');
  });

  it('lets no secret out, by no way, and makes nothing of hostile text but text', async () => {
    leave('build', {
      code: `A ${SECRET}`,
      message: `m ${SECRET}\n\`\`\`\n@octocat`,
      remedy: `r ${SECRET} @octocat closes #1 <!-- x`,
      logs: [{ name: 'x', key: `a\`b\n${SECRET}` }],
    });
    const output = await report();
    const [body = ''] = comments();
    expect((JSON.stringify(output) + body).replace(/[\\\u200b]/g, '')).to.not.contain(SECRET);
    expect(body.match(/^````/gm), 'one block').to.have.length(2);
    expect(body.replace(/````[\s\S]*````/, '')).to.not.match(/@octocat|#1|(?<!\\)<!-- x|a`b/);
  });

  it('keeps comment and state short, and what to do in sight', async () => {
    leave('build', {
      message: 'm'.repeat(200_000),
      logs: Array.from({ length: 5_000 }, (_, index) => ({ name: 'l', key: `log-${index}` })),
    });
    const output = await report();
    expect(output.message).to.have.length(1_000);
    const [body = ''] = comments();
    expect(body.length).to.be.below(12_000);
    expect(body)
      .to.match(/m…\n```\n\n\*\*What to do:\*\* Look at its log\./)
      .and.match(/- and 4980 more/);
  });
});
