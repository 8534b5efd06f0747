import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { s3Artifacts } from '../../../adapters/aws/s3-artifacts';
import type { BuildResult, CoverageEvidence } from '../../../domain/build-result';
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
    return { kind: 'found', path: 'coverage/report', report, commit: RESULT_HEAD, ...change } as CoverageEvidence;
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
      fault: null,
    });
    expect(output.verdictKey).to.equal(`verdicts/${EXECUTION}.json`);
    expect(output.resultVersionId).to.equal(bench().objects.find(names.bucket, RESULT_KEY)?.versionId);
    const { bundle } = buildResult();
    expect(verdict).to.deep.equal({
      version: 1,
      kind: 'green',
      reasons: [],
      threshold: 80,
      coverage: {
        before: Object.fromEntries(
          ['lines', 'branches', 'functions', 'statements'].map((name) => [name, { covered: 85, total: 100 }]),
        ),
        after: Object.fromEntries(
          ['lines', 'branches', 'functions', 'statements'].map((name) => [name, { covered: 90, total: 100 }]),
        ),
      },
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
      const gate = { lines: 95, branches: 10, functions: 10, statements: 10, maxDrop: 100 };
      expect(await redBy({ result: { gate } })).to.match(/90 % of lines .* at least 95 % are needed/);
      const lax = { lines: 0, branches: 0, functions: 0, statements: 0, maxDrop: 100 };
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
      const evidence = { kind: 'found', path: 'c', report: elsewhere, commit: RESULT_HEAD } as const;
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
