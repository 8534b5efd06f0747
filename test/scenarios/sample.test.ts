import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { type Report, reportSchema } from '../../local/report/report';
import { temporaryFolder } from '../support/temporary-folder';
import { type CliEnd, root, runCli, startCli } from './support/run-cli';

/** Longer than the first items take, shorter than all of them. */
const LATEST_KILL_MS = 15_000;

describe('kiro-worker start', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const args = ['start', '--json', 'report.json'];
  const run = (): Promise<CliEnd> => runCli(args, { cwd: folder() });
  const readReport = (): Report => reportSchema.parse(JSON.parse(readFileSync(join(folder(), 'report.json'), 'utf8')));

  it('ends every item as announced even if it is killed in between, and leaves nothing to do for the next start', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 100_000);
    const delay = (seed * 7919) % LATEST_KILL_MS;
    console.log(`      seed ${seed}: killed after ${delay} ms`);
    const first = startCli(args, { cwd: folder() });
    await sleep(delay);
    first.kill('SIGKILL');
    await first.ended;

    const second = await run();
    expect(second.code, second.stdout + second.stderr).to.equal(0);
    expect(second.stdout).to.match(/Every item ended as the sample says/);
    const report = readReport();
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(join(root, 'docs', 'schemas', 'report.schema.json'), 'utf8')),
    );
    expect(validate(report), JSON.stringify(validate.errors)).to.equal(true);
    expect(report.items.map(({ number, outcome }) => `${number} ${outcome}`)).to.deep.equal([
      '1 green',
      '2 red',
      '3 red',
      '4 failed',
      '5 skipped',
      '6 green',
      '7 failed',
      '8 refused',
    ]);
    const state = join(folder(), '.kiro-worker', 'sample');
    const model = JSON.parse(readFileSync(join(state, 'github', 'github.json'), 'utf8')) as {
      records: readonly { kind: string; headRefName?: string }[];
    };
    const heads = model.records.flatMap(({ kind, headRefName }) => (kind === 'PullRequest' ? [headRefName] : []));
    expect([...heads].sort()).to.deep.equal([
      'feature/discount',
      'feature/invoice',
      'feature/price-label',
      'feature/rounding',
    ]);
    expect(readdirSync(join(state, 'pull-requests'))).to.have.length(4);

    const third = await run();
    expect(third.code, third.stdout + third.stderr).to.equal(0);
    expect(third.stdout).to.not.match(/✓ Build/);
    const lasting = ({ items }: Report) =>
      items.map(({ number, outcome, executions, commits, pullRequest }) => ({
        number,
        outcome,
        executions,
        commits,
        pullRequest,
      }));
    expect(lasting(readReport())).to.deep.equal(lasting(report));
  });
});
