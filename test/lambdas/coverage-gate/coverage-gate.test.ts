import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { s3Artifacts } from '../../../adapters/aws/s3-artifacts';
import type { BuildResult, CoverageEvidence } from '../../../domain/build-result';
import type { ChangedLines } from '../../../domain/changed-lines';
import { changedLinesFile } from '../../../domain/changed-lines-file';
import { type Verdict, verdictSchema } from '../../../domain/verdict';
import { coverageGateContract } from '../../../lambdas/coverage-gate/contract';
import { coverageGate } from '../../../lambdas/coverage-gate/coverage-gate';
import { awsBench, names } from '../../support/aws-bench';
import { buildResult, EXECUTION, HEAD, RESULT_HEAD, storedObject, summary, testRun } from '../../support/build-results';
import { failureOf } from '../../support/failure-of';
import { NOW } from '../../support/github-bench';
import { leaseOf, workItem } from '../../support/work-items';

const RESULT_KEY = `builds/${EXECUTION}/build/result.json`;

describe('coverageGate', () => {
  const bench = awsBench();
  const put = (key: string, text: string) => bench().objects.put(names.bucket, key, Buffer.from(text));

  /** Stores a report and gives the evidence of it. */
  const found = async (text: string, change: Partial<CoverageEvidence> = {}): Promise<CoverageEvidence> => {
    const { key } = storedObject(`coverage/${Math.random()}`);
    const { versionId, sha256, bytes } = await put(key, text);
    const report = { key, versionId, sha256, bytes };
    const place = { root: '/srv/shop', parts: [], alternatives: [] };
    return {
      kind: 'found',
      path: 'coverage/report',
      report,
      commit: RESULT_HEAD,
      ...place,
      ...change,
    } as CoverageEvidence;
  };

  type Case = {
    readonly result?: Partial<BuildResult>;
    /** The report after the work; default: 90 of 100 of everything. */
    readonly after?: string | CoverageEvidence;
    readonly before?: string | CoverageEvidence;
    readonly floor?: number;
  };

  const run = async (floor = 80) => {
    const { read, openReport, writeText } = s3Artifacts({ bucket: names.bucket }, { client: bench().s3 });
    const artifacts = {
      read,
      openReport,
      writeVerdict: (key: string, verdict: Verdict) => writeText(key, JSON.stringify(verdict)),
    };
    const input = { item: workItem(), lease: leaseOf(), executionName: EXECUTION, dryRun: false };
    const output = coverageGateContract.output.parse(
      await coverageGate(input, { artifacts, threshold: floor, now: () => NOW }),
    );
    const stored = bench().objects.find(names.bucket, output.verdictKey, output.verdictVersionId);
    const verdict = verdictSchema.parse(JSON.parse(bench().objects.readText(names.bucket, stored?.key ?? '') ?? ''));
    return { output, verdict, codes: verdict.reasons.map(({ code }) => code) };
  };

  const evidence = async (given: string | CoverageEvidence): Promise<CoverageEvidence> =>
    typeof given === 'string' ? found(given) : given;

  const judge = async ({ result = {}, after = summary(90, 100), before, floor }: Case = {}) => {
    const coverage: BuildResult['coverage'] = {
      before: before === undefined ? { kind: 'absent', looked: ['a'] } : await evidence(before),
      after: await evidence(after),
    };
    await put(RESULT_KEY, JSON.stringify(buildResult({ coverage, ...result })));
    return run(floor);
  };
  const redBy = async (given: Case): Promise<string> => {
    const { output, codes, verdict } = await judge(given);
    expect(output.kind).to.equal('red');
    expect(verdict.kind).to.equal('red');
    return `${codes.join(' ')}: ${output.summary}`;
  };

  it('is green when nothing speaks against it, and binds the verdict to exactly what was judged', async () => {
    const { output, verdict } = await judge({ before: summary(85, 100) });
    expect(output).to.deep.include({
      kind: 'green',
      summary: 'Tests and coverage are good.',
      hasCommits: true,
      fruitful: true,
      fault: null,
    });
    expect(output.verdictKey).to.equal(`verdicts/${EXECUTION}.json`);
    expect(output.resultVersionId).to.equal(bench().objects.find(names.bucket, RESULT_KEY)?.versionId);
    const { bundle } = buildResult();
    expect(verdict).to.deep.equal({
      version: 1,
      kind: 'green',
      reasons: [],
      finishedTasks: 1,
      threshold: 80,
      coverage: {
        before: Object.fromEntries(
          ['lines', 'branches', 'functions', 'statements'].map((name) => [name, { covered: 85, total: 100 }]),
        ),
        after: Object.fromEntries(
          ['lines', 'branches', 'functions', 'statements'].map((name) => [name, { covered: 90, total: 100 }]),
        ),
      },
      changedLines: null,
      ambiguousPaths: [],
      boundTo: {
        itemId: 'PVTI_1',
        fence: 1,
        base: buildResult().base,
        head: HEAD,
        resultHead: RESULT_HEAD,
        bundleKey: bundle?.key,
        bundleVersionId: bundle?.versionId,
        bundleSha256: bundle?.sha256,
      },
      decidedAt: NOW.toISOString(),
    });
  });

  describe('is red', () => {
    it('and says the first three reasons, and how many there are beyond', async () => {
      const words = await redBy({ after: summary(70, 100), before: summary(95, 100) });
      expect(words).to.match(
        /: 70 % of lines .* 70 % of branches .* 70 % of functions [^%]*80 % are needed\. And 2 more\.$/,
      );
      expect(await redBy({ after: summary(9, 10, { lines: [7, 10] }) })).to.not.contain('more.');
    });

    it('when the tests failed, were stopped, or were not run', async () => {
      const tests = (after: Parameters<typeof testRun>[0]) => ({
        result: { tests: { before: testRun(), after: testRun(after) } },
      });
      expect(await redBy(tests({ ending: 'failed', exitCode: 3 }))).to.equal(
        'TestsFailed: The tests failed: "npm test" exited with 3.',
      );
      expect(await redBy(tests({ ending: 'failed', exitCode: null }))).to.match(/exited with a signal/);
      expect(await redBy(tests({ ending: 'timed-out', seconds: 600.2 }))).to.equal(
        'TestsTimedOut: The tests did not end: "npm test" was stopped after 600 s.',
      );
      expect(await redBy(tests({ ending: 'not-run' }))).to.match(/^TestsNotRun: /);
      expect(await redBy(tests({ exitCode: 1 })), 'passed, it says').to.match(/^TestsFailed: .*exited with 1/);
    });

    it('when there is no coverage, and says where it was looked for', async () => {
      expect(await redBy({ after: { kind: 'absent', looked: ['coverage/lcov.info', 'c.json'] } })).to.equal(
        'CoverageAbsent: No coverage report was written; looked for coverage/lcov.info, c.json.',
      );
    });

    it('when the coverage is of an earlier run or of another commit', async () => {
      expect(await redBy({ after: { kind: 'stale', path: 'c.json' } })).to.match(/^CoverageStale: .*c\.json is older/);
      expect(await redBy({ after: await found(summary(9, 10), { commit: HEAD }) })).to.equal(
        `CoverageStale: The coverage was measured at ${HEAD}, the result is ${RESULT_HEAD}.`,
      );
    });

    it('when the report is of more than anybody reads', async () => {
      expect(await redBy({ after: { kind: 'too-many', path: '*.info', what: 'more than 500 files' } })).to.equal(
        'CoverageMalformed: The coverage reports *.info cannot be used: the pattern means more than 500 files, which is more than is read.',
      );
      expect(await redBy({ after: { kind: 'too-large', path: 'c.json', bytes: 1e12 } })).to.equal(
        'CoverageMalformed: The coverage report c.json cannot be used: it has 1000000000000 bytes, which is more than is read.',
      );
    });

    it('when the report is empty, or the build stored none under the name that it gives', async () => {
      expect(await redBy({ after: '' })).to.match(
        /^CoverageEmpty: .*coverage\/report cannot be used: the file has 0 bytes/,
      );
      expect(await redBy({ after: summary(0, 0) })).to.match(/^CoverageEmpty: .*measured no line at all/);
      const evidence = await found(summary(9, 10));
      if (evidence.kind !== 'found') throw new Error('no report');
      const gone = { ...evidence, report: { ...evidence.report, versionId: '0'.repeat(32) } };
      expect(await redBy({ after: gone })).to.match(/^CoverageMalformed: .*did not store it/);
    });

    for (const [what, report] of Object.entries({
      'no JSON': '{"total',
      NaN: '{"total":{"lines":{"total":NaN,"covered":1}}}',
      'negative figures': summary(-1, 10),
      'more than 100 %': summary(11, 10),
      'no format that is known': 'All good!',
    }))
      it(`when the report holds ${what}`, async () =>
        expect(await redBy({ after: report })).to.match(/^CoverageMalformed: /));

    for (const metric of ['lines', 'branches', 'functions', 'statements'] as const)
      it(`when ${metric} are below the threshold, be it by the least`, async () => {
        const below = summary(100, 100, { [metric]: [79_999, 100_000] });
        expect(await redBy({ after: below })).to.equal(
          `CoverageBelowThreshold: 79.99 % of ${metric} are covered (79999 of 100000); at least 80 % are needed.`,
        );
        expect((await judge({ after: summary(100, 100, { [metric]: [80, 100] }) })).output.kind).to.equal('green');
      });

    it('when the repository asks for more than the environment, but never for less', async () => {
      const { gate: usual } = buildResult();
      const gate = { ...usual, lines: 95, branches: 10, functions: 10, statements: 10, maxDrop: 100 };
      expect(await redBy({ result: { gate } })).to.match(/90 % of lines .* at least 95 % are needed/);
      const lax = { ...usual, lines: 0, branches: 0, functions: 0, statements: 0, maxDrop: 100 };
      expect(await redBy({ result: { gate: lax }, after: summary(70, 100) })).to.match(/at least 80 % are needed/);
    });

    it('when the coverage has fallen by more than the repository allows', async () => {
      expect(await redBy({ before: summary(95, 100) })).to.equal(
        'CoverageDropped: Line coverage fell from 95 % to 90 %; at most 0 points may be lost.',
      );
      const gate = (maxDrop: number) => ({ result: { gate: { ...buildResult().gate, maxDrop } } });
      expect((await judge({ before: summary(95, 100), ...gate(5) })).output.kind).to.equal('green');
      expect((await judge({ before: summary(951, 1000), ...gate(5.1) })).output.kind, '95.1 - 90').to.equal('green');
      expect((await judge({ before: 'unreadable' })).output.kind, 'nothing to compare with').to.equal('green');
    });

    it('when tasks are open or failed, but not when they are optional', async () => {
      const task = (id: string, state: 'open' | 'failed' | 'done' | 'skipped', optional = false) => ({
        id,
        title: id,
        optional,
        state,
        requirements: [],
        commit: null,
        seconds: 0,
      });
      const tasks = [
        task('1', 'done'),
        task('2', 'failed'),
        task('3', 'open'),
        task('4', 'open', true),
        task('5', 'skipped', true),
      ];
      expect(await redBy({ result: { tasks } })).to.equal('TasksOpen: Tasks are still open: 2, 3.');
      const many = Array.from({ length: 2_000 }, (_, index) => task(String(index), 'open'));
      expect(await redBy({ result: { tasks: many } })).to.match(/8, 9 and 1990 more\.$/);
    });

    it('when the agent failed on the way, and hands the fault on so that the item is dead-lettered', async () => {
      const fault = { code: 'AgentDied', message: 'm'.repeat(10_000), remedy: '', task: '2' };
      const { output } = await judge({ result: { fault } });
      expect(output.kind).to.equal('red');
      expect(output.fault?.error).to.equal('AgentDied');
      expect(output.fault?.cause).to.have.length(4_000);
    });

    it('when protected files were changed', async () => {
      expect(await redBy({ result: { protectedPathsChanged: ['.github/x', '.npmrc'] } })).to.match(
        /^ProtectedPathChanged: .* \.github\/x, \.npmrc\.$/,
      );
    });
  });

  describe('of the changed lines', () => {
    const PATH = 'src/a.js';
    const lcov = (hits: readonly number[]) =>
      `SF:${PATH}\n${hits.map((count, index) => `DA:${index + 1},${count}`).join('\n')}\nend_of_record\n`;
    const storeChanges = async (change: Partial<ChangedLines> = {}) => {
      const { key } = storedObject('changed-lines.ndjson');
      const changes: ChangedLines = {
        beyond: null,
        from: 'f'.repeat(40),
        to: RESULT_HEAD,
        files: [{ path: PATH, ranges: [[1, 10]] }],
        repositoryFiles: [PATH],
        ...change,
      };
      const { versionId, sha256, bytes } = await put(key, [...changedLinesFile(changes)].join(''));
      return { key, versionId, sha256, bytes };
    };
    const gate = (change: Partial<BuildResult['gate']>) => ({ ...buildResult().gate, lines: 0, ...change });
    const mostly = lcov([
      ...Array(90)
        .fill(1)
        .map((_, index) => (index < 3 ? 0 : 1)),
      1,
    ]);

    it('is red when too few of them were executed, though the totals are good, and names them', async () => {
      const result = { changes: await storeChanges() };
      expect(await redBy({ result, after: mostly })).to.equal(
        'ChangedLinesUncovered: 70 % of the changed lines are covered (7 of 10); at least 80 % are needed. Not covered: src/a.js: 1-3.',
      );
      const { verdict } = await judge({ result, after: mostly });
      expect(verdict.changedLines).to.deep.equal({
        covered: 7,
        total: 10,
        threshold: 80,
        uncovered: [{ path: PATH, ranges: [[1, 3]] }],
        uncoveredFiles: 1,
        unmeasured: [],
        unclear: [],
      });
    });

    it('is green at the threshold of the repository, or when it asks for none', async () => {
      const changes = await storeChanges();
      for (const changedLines of [70, 0])
        expect(
          (await judge({ result: { changes, gate: gate({ changedLines }) }, after: mostly })).output.kind,
        ).to.equal('green');
      expect(await redBy({ result: { changes, gate: gate({ changedLines: 70.01 }) }, after: mostly })).to.match(
        /at least 70\.01/,
      );
    });

    it('is red when nobody can say it and the repository wants to know; else it only says so', async () => {
      const figures = { total: 10, covered: 9, pct: 90 };
      const file = { lines: figures, branches: figures, functions: figures, statements: figures };
      const after = JSON.stringify({ total: file, [`/srv/shop/${PATH}`]: file });
      const changes = await storeChanges();
      const { output, verdict } = await judge({ result: { changes }, after });
      expect(output.kind).to.equal('green');
      expect(verdict.changedLines).to.deep.include({ total: 0, unclear: [PATH] });
      expect(await redBy({ result: { changes, gate: gate({ needsChangedLines: true }) }, after })).to.match(
        /^ChangedLinesUnclear: .*of src\/a\.js: .*gate\.changedLines to 0/,
      );
    });

    it('takes the lines from another report of the same run where the first one has only sums', async () => {
      const figures = { total: 10, covered: 9, pct: 90 };
      const file = { lines: figures, branches: figures, functions: figures, statements: figures };
      const sums = await evidence(JSON.stringify({ total: file, [`/srv/shop/${PATH}`]: file }));
      const other = await evidence(mostly);
      if (sums.kind !== 'found' || other.kind !== 'found') throw new Error('no report');
      const after = { ...sums, alternatives: [[{ path: 'coverage/lcov.info', report: other.report }]] };
      const { verdict } = await judge({ result: { changes: await storeChanges() }, after });
      expect(verdict.coverage.after?.statements).to.deep.equal({ covered: 9, total: 10 });
      expect(verdict.changedLines).to.deep.include({ covered: 7, total: 10 });
    });

    it('merges all reports of one run, and says which paths it could not place', async () => {
      const [one, two] = [await evidence(lcov([1, 0])), await evidence('SF:lib/x.js\nDA:1,1\nend_of_record\n')];
      if (one.kind !== 'found' || two.kind !== 'found') throw new Error('no report');
      const after = { ...one, parts: [{ path: 'b/lcov.info', report: two.report }] };
      const changes = await storeChanges({ repositoryFiles: [PATH, 'p/lib/x.js', 'q/lib/x.js'] });
      const { verdict } = await judge({ result: { changes }, after });
      expect(verdict.coverage.after?.lines).to.deep.equal({ covered: 2, total: 3 });
      expect(verdict.ambiguousPaths).to.deep.equal(['lib/x.js']);
      const gone = { ...after, parts: [{ path: 'b', report: { ...two.report, versionId: '0'.repeat(32) } }] };
      expect(await redBy({ after: gone })).to.match(/CoverageMalformed: .*did not store it/);
    });

    it('is red when there is more than is compared, unless nobody asks for it', async () => {
      const changes = await storeChanges({
        beyond: 'it changes 200001 files, and 200000 are compared at most',
        files: [],
      });
      expect(await redBy({ result: { changes }, after: mostly })).to.equal(
        'ChangedLinesUnclear: The changed lines of the branch cannot be judged: it changes 200001 files, and 200000 are compared at most. Make it smaller, or set gate.changedLines to 0.',
      );
      const unasked = { changes, gate: gate({ changedLines: 0 }) };
      expect((await judge({ result: unasked, after: mostly })).output.kind).to.equal('green');
    });

    it('refuses changes that are cut off or of another form', async () => {
      for (const text of ['', '{"version":1}\n', '{"version":2,"from":"a","to":"b","beyond":null}\n{"path":"a"']) {
        const { key } = storedObject('changed-lines.ndjson');
        const { versionId, sha256, bytes } = await put(key, text);
        await put(RESULT_KEY, JSON.stringify(buildResult({ changes: { key, versionId, sha256, bytes } })));
        expect(await failureOf(run())).to.include({ name: 'ResultInvalid' });
      }
    });

    it('refuses changes of another commit, that are not there, or that lie elsewhere', async () => {
      const changes = await storeChanges({ to: HEAD });
      await put(RESULT_KEY, JSON.stringify(buildResult({ changes })));
      expect((await failureOf(run())).message).to.equal(
        `${changes.key} is about ${HEAD}, the result is ${RESULT_HEAD}.`,
      );
      await put(RESULT_KEY, JSON.stringify(buildResult({ changes: { ...changes, versionId: '0'.repeat(32) } })));
      expect((await failureOf(run())).name).to.equal('ResultMissing');
      await put(RESULT_KEY, JSON.stringify(buildResult({ changes: { ...changes, key: 'builds/run-2/x' } })));
      expect((await failureOf(run())).message).to.match(/names builds\/run-2\/x, which is not below/);
    });
  });

  describe('of the test reports', () => {
    const report = (change: object) => ({
      total: 2,
      passed: 2,
      failed: 0,
      skipped: 0,
      cases: [],
      files: ['junit.xml'],
      problem: null,
      ...change,
    });
    const withReport = (change: object | null, needsTestReport = false) => ({
      result: {
        gate: { ...buildResult().gate, needsTestReport },
        tests: { before: testRun(), after: testRun({ report: change && report(change) }) },
      },
    });

    it('is green when they agree with the exit code, or when nobody asked for them', async () => {
      expect((await judge(withReport({}, true))).output.kind).to.equal('green');
      expect((await judge(withReport(null))).output.kind).to.equal('green');
    });

    it('is red when they name failed tests although the command exited with 0', async () => {
      const cases = [
        { name: 'adds', ending: 'failed', message: '' },
        { name: 'works', ending: 'passed', message: '' },
      ];
      expect(await redBy(withReport({ passed: 1, failed: 1, cases }))).to.equal(
        'TestsFailed: "npm test" exited with 0, but its report names 1 failed tests: adds.',
      );
      expect(await redBy(withReport({ failed: 1 }))).to.match(/names 1 failed tests: without names/);
    });

    it('is red when they are malformed, name no test, or are missing though they were promised', async () => {
      expect(await redBy(withReport({ problem: 'junit.xml cannot be used: it is not XML' }))).to.equal(
        'TestReportMalformed: The test report junit.xml cannot be used: it is not XML.',
      );
      expect(await redBy(withReport({ total: 0, passed: 0 }))).to.match(/^TestsNotRun: .*junit\.xml names none/);
      expect(await redBy(withReport(null, true))).to.match(/^TestReportAbsent: /);
    });

    it('is green when tests passed only the second time: the pull request says so', async () => {
      const flaky = { exitCode: 1, seconds: 1, outputTail: '', tests: [] };
      const tests = { before: testRun(), after: testRun({ flaky }) };
      expect((await judge({ result: { tests } })).output.kind).to.equal('green');
    });
  });

  it('is red for every reason at once, and keeps its summary short enough for state', async () => {
    const { output, codes } = await judge({
      after: summary(1, 100),
      before: summary(90, 100),
      result: {
        tests: { before: testRun(), after: testRun({ ending: 'failed', command: 'x'.repeat(50_000) }) },
        protectedPathsChanged: Array.from({ length: 5_000 }, (_, index) => `.github/${index}`),
      },
    });
    expect(codes).to.include.members([
      'TestsFailed',
      'CoverageBelowThreshold',
      'CoverageDropped',
      'ProtectedPathChanged',
    ]);
    expect(output.summary.length).to.equal(1_000);
    expect(JSON.stringify(output).length).to.be.below(4_000);
  });

  it('skips metrics that a format does not have: LCOV knows no statements', async () => {
    const lcov = 'TN:\nSF:a\nFNDA:1,f\nDA:1,1\nBRDA:1,0,0,1\nend_of_record\n';
    const { output, verdict } = await judge({ after: lcov });
    expect(output.kind).to.equal('green');
    expect(verdict.coverage.after?.statements).to.equal(null);
  });

  it('has nothing to publish when nothing was committed', async () => {
    expect(
      (await judge({ result: { resultHead: HEAD, bundle: null, coverage: buildResult().coverage } })).output.hasCommits,
    ).to.equal(false);
  });

  describe('refuses', () => {
    it('a build that ended without a result', async () => {
      const error = await failureOf(run());
      expect(error.name).to.equal('ResultMissing');
      expect(error.message).to.match(new RegExp(RESULT_KEY));
    });

    for (const [what, text] of Object.entries({ 'half a JSON': '{"version":1', nothing: '', 'a list': '[]' }))
      it(`a result that is ${what}`, async () => {
        await put(RESULT_KEY, text);
        expect((await failureOf(run())).name).to.equal('ResultInvalid');
      });

    it('a result with a field that it does not know, and names it', async () => {
      await put(RESULT_KEY, JSON.stringify({ ...buildResult(), colour: 'red' }));
      expect((await failureOf(run())).message).to.match(/result\.json is not what it should be, at its root: .*colour/);
    });

    const foreign: Record<string, readonly [Partial<BuildResult>, RegExp]> = {
      item: [{ itemId: 'PVTI_2' }, /is of the item PVTI_2, not of PVTI_1/],
      branch: [{ branch: 'main' }, /is of the branch main, not of feature\/cart/],
      try: [{ fence: 7 }, /is of another try \(fence 7, not 1\)/],
      'kind, commits without a bundle': [{ bundle: null }, /has commits and no bundle/],
    };
    for (const [what, [change, message]] of Object.entries(foreign))
      it(`a result of another ${what}: nothing of it may be published`, async () => {
        await put(RESULT_KEY, JSON.stringify(buildResult(change)));
        const error = await failureOf(run());
        expect(error.name).to.equal('ResultInvalid');
        expect(error.message).to.match(message);
        expect(bench().objects.find(names.bucket, `verdicts/${EXECUTION}.json`)).to.equal(undefined);
      });

    it("a result that points at another execution's files", async () => {
      const elsewhere = storedObject('x', { key: 'builds/run-2/build/result.bundle' });
      await put(RESULT_KEY, JSON.stringify(buildResult({ bundle: elsewhere })));
      expect((await failureOf(run())).message).to.match(
        /names builds\/run-2\/build\/result\.bundle, which is not below/,
      );
      const place = { root: '', parts: [], alternatives: [] };
      const evidence: CoverageEvidence = { kind: 'found', path: 'c', report: elsewhere, commit: RESULT_HEAD, ...place };
      for (const when of ['before', 'after'] as const) {
        const coverage = { ...buildResult().coverage, [when]: evidence };
        await put(RESULT_KEY, JSON.stringify(buildResult({ coverage })));
        expect((await failureOf(run())).name).to.equal('ResultInvalid');
      }
    });

    it('a report whose bytes were exchanged after the build had stored it', async () => {
      const evidence = await found(summary(9, 10));
      if (evidence.kind !== 'found') throw new Error('no report');
      const exchanged = createHash('sha256').update('something else').digest('hex');
      const after = { ...evidence, report: { ...evidence.report, sha256: exchanged } };
      const coverage = { ...buildResult().coverage, after };
      await put(RESULT_KEY, JSON.stringify(buildResult({ coverage })));
      expect((await failureOf(run())).name).to.equal('ArtifactMismatch');
    });
  });
});
