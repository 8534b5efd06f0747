import { expect } from 'chai';
import type { TaskOutcome, TestChange } from '../../../domain/build-result';
import { redactDeep } from '../../../domain/redact-deep';
import { createRedactor } from '../../../domain/redaction';
import {
  type PullRequestFacts,
  pullRequestBody,
  pullRequestTitle,
} from '../../../lambdas/update-pull-request/pull-request-body';
import { resultComment } from '../../../lambdas/update-pull-request/result-comment';
import { buildResult, RESULT_HEAD, testRun, verdict } from '../../support/build-results';
import { executionOf, workItem } from '../../support/work-items';
import { pullRequestBench } from './pull-request-bench';

const facts = (change: Partial<PullRequestFacts> = {}): PullRequestFacts => ({
  item: workItem(),
  result: buildResult(),
  verdict: verdict(),
  executionArn: executionOf('run-1'),
  executionName: 'run-1',
  artifactsBucket: 'artifacts',
  hasConsole: true,
  spending: { report: null, runs: [] },
  ...change,
});

const ARN =
  'arn:aws:states:eu-central-1:111122223333:execution:kiro-worker-test/items:5a0b57db-44a9-4f3f-907d-230a8ad14d14';
const BUILD = 'kiro-worker-test-builder:648aba63-df89-4f77-b003-67ab8b3ae4b0';

const HOSTILE = 'x` <img src=x onerror=1> @octocat closes #1 | [a](http://b) <!-- c --> ```';

describe('pullRequestBody', () => {
  it('has the sections that a reviewer asks for, in their order', () => {
    const headings = pullRequestBody(facts()).match(/^## .*$/gm);
    expect(headings).to.deep.equal(['## Summary', '## Tasks', '## Tests', '## Coverage', '## Build']);
  });

  it('leads to the execution and the build, where there is a console to look at', () => {
    const linked = { executionArn: ARN, result: buildResult({ buildId: BUILD }) };
    const body = pullRequestBody(facts(linked));
    expect(body).to.contain(
      `- Build [\`${BUILD}\`](https://eu-central-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/kiro-worker-test-builder/build/${BUILD.replace(':', '%3A')}/?region=eu-central-1), release`,
    );
    expect(body).to.contain(
      `- Execution [\`${ARN}\`](https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${ARN})`,
    );
    const partition = (name: string) =>
      pullRequestBody(facts({ ...linked, executionArn: ARN.replace('arn:aws:', `arn:${name}:`) }));
    expect(partition('aws-cn')).to.contain('https://eu-central-1.console.amazonaws.cn/states/home');
    expect(partition('aws-us-gov')).to.contain('https://eu-central-1.console.amazonaws-us-gov.com/states/home');
    for (const without of [
      pullRequestBody(facts({ ...linked, hasConsole: false })),
      pullRequestBody(facts()),
      partition('aws-new'),
    ]) {
      expect(without).to.match(/- Build `[^`]+`, release/);
      expect(without).to.not.contain('https://');
    }
  });

  it('names what looks like a task and was left alone', () => {
    const leftOut = [{ title: 'Seen by @team', line: 7, why: 'it stands in a table' }];
    expect(pullRequestBody(facts({ result: buildResult({ leftOut }) }))).to.contain(
      '\n\nWhat looks like a task in `tasks.md` and was left alone:\n\n- line 7: Seen by @\u200bteam (it stands in a table)\n\n',
    );
    const many = Array.from({ length: 25 }, (_, index) => ({ title: 't', line: index + 1, why: 'w' }));
    expect(pullRequestBody(facts({ result: buildResult({ leftOut: many }) }))).to.contain(
      '- line 20: t (w)\n- and 5 more\n',
    );
  });

  it('reads as it is meant to', () => {
    expect(pullRequestBody(facts()).split('\n')).to.deep.equal([
      '## Summary',
      '',
      'Implements `.kiro/specs/cart` for #12: 1 of 1 task done, 1 commit. Tests: passed. Verdict: **green**.',
      '',
      '## Tasks',
      '',
      '| task | state | requirements | commit |',
      '|---|---|---|---|',
      '| 1 Add the cart | done | 1.1 | 2222222 |',
      '',
      '## Tests',
      '',
      '| when | result | tests | exit code | time |',
      '|---|---|---|---|---|',
      '| before | passed | – | 0 | 12 s |',
      '| after | passed | – | 0 | 12 s |',
      '',
      'Command: `npm test`',
      '',
      '## Coverage',
      '',
      '| | before | after | needed |',
      '|---|---|---|---|',
      '| lines | – | 90 % (9/10) | 80 % |',
      '| branches | – | 80 % (8/10) | 80 % |',
      '| functions | – | 100 % (2/2) | 80 % |',
      '| statements | – | – | not judged |',
      '',
      '## Build',
      '',
      '- Build `builder:1`, release `r1`, environment `test`',
      `- Execution \`${executionOf('run-1')}\``,
      '- Result, logs and coverage: `s3://artifacts/builds/run-1/build/`',
      '- Verdict: `s3://artifacts/verdicts/run-1.json`',
    ]);
  });

  it('begins with why it is red, and shows the last lines of the tests', () => {
    const tests = {
      before: testRun(),
      after: testRun({ ending: 'failed', exitCode: 1, outputTail: '1 failing\n```' }),
    };
    const body = pullRequestBody(
      facts({
        result: buildResult({ tests, isolated: false }),
        verdict: verdict({ kind: 'red', reasons: [{ code: 'TestsFailed', message: 'The tests failed.' }] }),
      }),
    );
    expect(body).to.match(
      /^> \[!WARNING\]\n> \*\*Not ready\.\*\* Why:\n> - The tests failed\.\n>\n> To go on, move #12 back to the ready column [^\n]*\n\n## Summary/,
    );
    expect(body).to.contain(
      '<details><summary>Last lines of the tests</summary>\n\n````text\n1 failing\n```\n````\n\n</details>',
    );
    expect(body).to.match(/without a user of its own/);
  });

  it('says at the top what the change does to its own proof, with what weighs most first', () => {
    const change = (kind: TestChange['kind'], path: string, ...parts: string[]): TestChange => ({ kind, path, parts });
    const testChanges = [
      change('changed', 'test/a.js'),
      change('deleted', 'test/`b`|c.js'),
      change('setting', 'package.json', 'scripts.test', '@x|y'),
      change('setting', '.nycrc'),
      change('reports', 'test/z.js'),
      change('unmeasured', 'src/a.js'),
      change('skipped', 'test/a.js'),
      ...Array.from({ length: 30 }, (_, at) => change('skipped', `test/${at}.js`)),
    ];
    const lines = pullRequestBody(facts({ result: buildResult({ testChanges }) })).split('\n');
    const from = lines.findIndex((line) => line.startsWith('Implements'));
    expect(lines.slice(from + 1, from + 7)).to.deep.equal([
      '',
      '> [!IMPORTANT]',
      '> What this branch changes about its own proof:',
      '> - **Changes how it is tested**: `package.json` (scripts.test, @\u200bx\\|y), `.nycrc`',
      "> - **Changes or deletes tests**: `test/'b'\\|c.js` (deleted), `test/a.js`",
      '> - **Leaves code out of coverage**: `src/a.js`',
    ]);
    expect(lines[from + 7]).to.match(/^> - \*\*Leaves tests out\*\*: `test\/a\.js`, .*, `test\/18\.js` and more$/);
    expect(lines[from + 8]).to.equal('> - **Reaches into the reports of the tests, or ends their run**: `test/z.js`');
    expect(lines[from + 9]).to.equal('');
    expect(pullRequestBody(facts())).not.to.contain('IMPORTANT');
  });

  it('counts what was asked for: what is done now, what was done before, and what was left alone', () => {
    const [task] = buildResult().tasks;
    const summary = (...states: readonly TaskOutcome['state'][]) => {
      const tasks = states.map((state, at) => ({ ...(task as TaskOutcome), id: `${at}`, state }));
      const flaky = { exitCode: 1, seconds: 1, outputTail: '', tests: [] };
      const tests = { before: testRun(), after: testRun(states.includes('failed') ? { flaky } : {}) };
      return /for #12: (.*)/.exec(pullRequestBody(facts({ result: buildResult({ tasks, tests }) })))?.[1];
    };
    const rest = ', 1 commit. Tests: passed. Verdict: **green**.';
    expect(summary('done', 'done', 'skipped')).to.equal(`2 of 2 tasks done (1 optional task left alone)${rest}`);
    expect(summary('already-done', 'done', 'open')).to.equal(`2 of 3 tasks done (1 in this run, 1 before)${rest}`);
    expect(summary('already-done', 'skipped', 'skipped')).to.equal(
      `1 of 1 task done (before this run; 2 optional tasks left alone)${rest}`,
    );
    expect(summary('failed')).to.equal('0 of 1 task done, 1 commit. Tests: passed, **flaky**. Verdict: **green**.');
  });

  it('lists only commits that no task names', () => {
    const commits = [...buildResult().commits, { sha: 'd'.repeat(40), task: 'repair-1', title: 'Repair 1' }];
    expect(pullRequestBody(facts({ result: buildResult({ commits }) }))).to.contain(
      '## Other commits\n\n- ddddddd Repair 1\n\n',
    );
  });

  it('makes nothing of hostile titles, tasks, commands, commits and reasons but text', () => {
    const task = {
      id: HOSTILE,
      title: HOSTILE,
      optional: false,
      state: 'open' as const,
      requirements: [HOSTILE],
      commit: null,
      seconds: 0,
    };
    const body = pullRequestBody(
      facts({
        item: workItem({ title: HOSTILE, specPath: HOSTILE }),
        result: buildResult({
          tasks: [task],
          commits: [{ sha: RESULT_HEAD, task: HOSTILE, title: HOSTILE }],
          tests: { before: testRun({ command: HOSTILE }), after: testRun({ command: HOSTILE }) },
          buildId: HOSTILE,
        }),
        verdict: verdict({ kind: 'red', reasons: [{ code: 'TasksOpen', message: HOSTILE }] }),
      }),
    );
    const outsideCode = body.replace(/`[^`\n]*`/g, '');
    expect(outsideCode).to.not.match(/(?<!\\)<img|(?<!\\)<!--|@octocat|(?<!\\)\]\(|#1[^0-9]/);
    for (const row of body.split('\n').filter((line) => line.startsWith('| ')))
      expect(row.match(/(?<!\\)\|/g)?.length, row).to.be.within(4, 7);
    expect(body.match(/^## /gm)).to.have.length(6);
  });

  it('keeps within the limit of GitHub with 2,000 tasks, and shows coverage and build all the same', () => {
    const tasks = Array.from({ length: 2_000 }, (_, index) => ({
      id: `${index}`,
      title: 't'.repeat(300),
      optional: false,
      state: 'open' as const,
      requirements: [],
      commit: null,
      seconds: 0,
    }));
    const reasons = Array.from({ length: 60 }, () => ({ code: 'TasksOpen' as const, message: 'm'.repeat(40) }));
    const small = tasks.map((task) => ({ ...task, title: 'short' }));
    const body = pullRequestBody(
      facts({ result: buildResult({ tasks: small }), verdict: verdict({ kind: 'red', reasons }) }),
    );
    expect(body)
      .to.match(/\| and 1800 more \| \| \| \|/)
      .and.match(/> - and 10 more/)
      .and.match(/## Build/);
    const commits = tasks.map(({ id }) => ({ sha: 'd'.repeat(40), task: id, title: 'c' }));
    expect(pullRequestBody(facts({ result: buildResult({ commits }) }))).to.match(
      /(- ddddddd c\n){200}- and 1800 more\n/,
    );
  });

  it('cuts each section and not the end when all are long, so that tests, coverage, commits and build are seen', () => {
    const long = 'l'.repeat(400);
    const tasks = Array.from({ length: 300 }, (_, at) => ({
      id: `${at}`,
      title: long,
      optional: false,
      state: 'done' as const,
      requirements: ['1.1'],
      commit: null,
      seconds: 0,
    }));
    const requirements = tasks.map(({ id }) => ({
      name: id,
      title: long,
      tasks: [{ id, commit: null }],
      tests: [{ file: long, title: long, by: 'named' as const }],
    }));
    const outputTail = 't\n'.repeat(20_000);
    const after = testRun({ ending: 'failed', exitCode: 1, outputTail });
    const commits = tasks.map(({ id }) => ({ sha: RESULT_HEAD, task: id, title: long }));
    const tests = { before: testRun(), after };
    const reasons = tasks.map(() => ({ code: 'TestsFailed' as const, message: long }));
    const body = pullRequestBody(
      facts({
        result: buildResult({ tasks, requirements, tests, commits }),
        verdict: verdict({ kind: 'red', reasons }),
      }),
    );
    expect(body.length, 'all the room there is').to.be.within(63_000, 65_536);
    expect(body.match(/^## .*$/gm)).to.deep.equal([
      '## Summary',
      '## Tasks',
      '## Requirements',
      '## Tests',
      '## Coverage',
      '## Other commits',
      '## Build',
    ]);
    expect(body)
      .to.match(/\| lines \| – \| 90 % /)
      .and.match(/- Verdict: `s3:/);
    expect(body).to.contain('\n```\n\n</details>\n\n_Cut here: GitHub allows 65536 characters. The rest is in `s3:');
    expect(body.match(/^_Cut here/gm)).to.have.length(5);
  });
});

describe('resultComment', () => {
  it('names the first reasons and how many there are beyond', () => {
    const reasons = Array.from({ length: 60 }, (_, index) => ({ code: 'TasksOpen' as const, message: `m${index}` }));
    const comment = resultComment(facts({ verdict: verdict({ kind: 'red', reasons }) }));
    expect(comment).to.match(/- m49\n- and 10 more\n\nTo go on, move #12 back [^\n]*\.$/);
  });

  it('says how far the work came, and that tests were flaky', () => {
    const after = testRun({ flaky: { exitCode: 1, seconds: 1, tests: [], outputTail: '' } });
    const [task] = buildResult().tasks;
    const tasks = task ? [task, { ...task, id: '2', state: 'open' as const, commit: null }] : [];
    const result = buildResult({ tasks, tests: { before: testRun(), after } });
    expect(resultComment(facts({ result }))).to.match(/: 1 of 2 tasks done, 1 commit, tests passed \(flaky\)\.$/);
  });

  it('says when there was nothing to commit', () => {
    const comment = resultComment(facts({ result: buildResult({ commits: [] }) }));
    expect(comment).to.match(/is ready for review: .*, nothing was committed, tests passed\.$/);
  });
});

describe('pullRequestTitle', () => {
  it('is one line of at most 256 characters with the number of the issue', () => {
    expect(pullRequestTitle(workItem({ title: ' a\n b\u202e ' }))).to.equal('a b (#12)');
    const long = pullRequestTitle(workItem({ title: '😀'.repeat(300), issueNumber: 123_456 }));
    expect(long.length).to.be.at.most(256);
    expect(long).to.match(/… \(#123456\)$/);
  });
});

describe('a planted secret', () => {
  const SECRET = 'gho_underscored_secret_value_1';
  const { update, pulls } = pullRequestBench();

  it('is redacted before Markdown can change it, so that no form of it reaches GitHub', async () => {
    const texts = redactDeep(
      facts({
        item: workItem({ title: `t ${SECRET}` }),
        verdict: verdict({ kind: 'red', reasons: [{ code: 'TestsFailed', message: `m ${SECRET}` }] }),
      }),
      createRedactor([SECRET]),
    );
    const all = pullRequestBody(texts) + pullRequestTitle(texts.item) + resultComment(texts);
    expect(all.replace(/[\\\u200b]/g, '')).to.not.contain(SECRET);
    expect(all).to.match(/\[redacted\\\]/);
  });

  it('does not get into a pull request by any way: title, tasks, commits, tests, reasons', async () => {
    const token = 'writer-token-0001'; // the one that the client itself uses
    const task = {
      id: '1',
      title: token,
      optional: false,
      state: 'done' as const,
      requirements: [token],
      commit: null,
      seconds: 0,
    };
    await update({
      title: `Add ${token}`,
      result: {
        tasks: [task],
        commits: [{ sha: RESULT_HEAD, task: token, title: token }],
        tests: { before: testRun({ command: token }), after: testRun({ ending: 'failed', outputTail: `x${token}x` }) },
      },
      verdict: { kind: 'red', reasons: [{ code: 'TestsFailed', message: token }] },
    });
    const [pull] = pulls();
    const everything = JSON.stringify(pull);
    expect(everything.replace(/[\\\u200b]/g, '')).to.not.contain(token);
    expect(everything).to.contain('[redacted');
  });
});
