import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runNode } from '../support/tiny-project';

const treeOf = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(join(folder, file)).isFile())
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );

describe('npm run synth', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'synth of a test '));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('writes where the CDKTF command line tells it to, and the same bytes as the app alone', async () => {
    const outdir = (name: string) => ({ CDKTF_OUTDIR: join(folder, name) });
    const script = await runNode(process.cwd(), ['scripts/synth.mjs'], outdir('script'));
    expect(script.code, script.output).to.equal(0);
    const app = await runNode(process.cwd(), ['dist/main.js'], outdir('app'));
    expect(app.code, app.output).to.equal(0);
    const tree = treeOf(join(folder, 'script'));
    expect([...tree.keys()].filter((file) => file.endsWith('cdk.tf.json'))).to.have.length(15);
    expect(tree).to.deep.equal(treeOf(join(folder, 'app')));
  });

  it('is what cdktf.json starts', () => {
    const { app, sendCrashReports } = JSON.parse(readFileSync('cdktf.json', 'utf8')) as Record<string, string>;
    expect({ app, sendCrashReports }).to.deep.equal({ app: 'node scripts/synth.mjs', sendCrashReports: 'false' });
  });
});
