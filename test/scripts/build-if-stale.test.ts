import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { expect } from 'chai';
import { type TinyProject, tinyProject } from '../support/tiny-project';

const steps = (output: string): readonly string[] =>
  output.split('\n').flatMap((line) => /^(Compiled|Bundled|Synthesized)/.exec(line)?.[1] ?? []);
const all = ['Compiled', 'Bundled', 'Synthesized'];

describe('build-if-stale', () => {
  const projects: TinyProject[] = [];
  const fresh = async (): Promise<TinyProject> => {
    const project = tinyProject();
    projects.push(project);
    const { code, output } = await project.build();
    expect(code, output).to.equal(0);
    expect(steps(output)).to.deep.equal(all);
    return project;
  };
  const rebuilt = async (project: TinyProject): Promise<readonly string[]> => {
    const { code, output } = await project.build();
    expect(code, output).to.equal(0);
    return steps(output);
  };
  afterEach(() => {
    for (const project of projects.splice(0)) project.remove();
  });

  it('makes what is missing and then nothing, whatever the clock says', async () => {
    const project = await fresh();
    expect(project.read('dist/domain/greeting.js')).to.include('hello');
    expect(JSON.parse(project.read('build/bundles/manifest.json')).bundles).to.have.keys('greet', 'worker');
    const { mtimeMs } = statSync(project.path('dist/main.js'));
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(project.path('domain/greeting.ts'), later, later);
    expect(await project.build()).to.deep.include({ code: 0, output: '' });
    expect(statSync(project.path('dist/main.js')).mtimeMs).to.equal(mtimeMs);
  });

  it('carries a change of the sources through to the stacks', async () => {
    const project = await fresh();
    const before = project.read('cdktf.out/stacks/one/cdk.tf.json');
    project.write('domain/greeting.ts', "export const greeting = 'good morning';\n");
    expect(await rebuilt(project)).to.deep.equal(all);
    expect(project.read('dist/domain/greeting.js')).to.include('good morning');
    expect(project.read('cdktf.out/stacks/one/cdk.tf.json')).to.not.equal(before);
  });

  it('only compiles when a test has changed', async () => {
    const project = await fresh();
    project.write('test/some.test.ts', 'export const checked = false;\n');
    expect(await rebuilt(project)).to.deep.equal(['Compiled']);
  });

  it('removes what was made from a source that is gone', async () => {
    const project = await fresh();
    rmSync(project.path('domain/farewell.ts'));
    await rebuilt(project);
    expect(existsSync(project.path('dist/domain/farewell.js'))).to.equal(false);
    expect(existsSync(project.path('dist/domain/farewell.js.map'))).to.equal(false);
  });

  it('makes again what somebody has removed or changed', async () => {
    const project = await fresh();
    rmSync(project.path('build/bundles/worker.zip'));
    project.write('dist/domain/greeting.js', 'tampered');
    rmSync(project.path('cdktf.out/manifest.json'));
    expect(await rebuilt(project)).to.deep.equal(all);
    expect(project.read('dist/domain/greeting.js')).to.include('hello');
    expect(await rebuilt(project)).to.deep.equal([]);
  });

  it('leaves the files of Terraform beside the stacks alone', async () => {
    const project = await fresh();
    const plan = 'cdktf.out/stacks/one/plan';
    project.write(plan, 'a plan that somebody will apply');
    project.write('cdktf.out/stacks/gone/cdk.tf.json', '{}');
    project.write('domain/greeting.ts', "export const greeting = 'hi';\n");
    await rebuilt(project);
    expect(project.read(plan)).to.equal('a plan that somebody will apply');
    expect(existsSync(project.path('cdktf.out/stacks/gone/cdk.tf.json'))).to.equal(false);
  });

  it('stays stale when the sources do not compile, and keeps what it had', async () => {
    const project = await fresh();
    project.write('domain/greeting.ts', 'export const greeting = "hello;\n');
    for (const _ of ['the first time', 'and again']) {
      const { code, output } = await project.build();
      expect(code).to.equal(1);
      expect(output).to.include('domain/greeting.ts').and.to.include('TS1002');
    }
    expect(project.read('dist/domain/greeting.js')).to.include('hello');
  });

  it('is stale after it was killed, and tidies up after the one that was', async () => {
    const project = await fresh();
    const before = project.read('cdktf.out/stacks/one/cdk.tf.json');
    project.write('die-in-synthesis', '');
    project.write('domain/greeting.ts', "export const greeting = 'hey';\n");
    expect(await project.build()).to.include({ code: null, signal: 'SIGKILL' });
    expect(project.read('cdktf.out/stacks/one/cdk.tf.json')).to.equal(before);
    rmSync(project.path('die-in-synthesis'));
    expect(await rebuilt(project)).to.deep.equal(['Synthesized']);
    expect(project.read('cdktf.out/stacks/one/cdk.tf.json')).to.not.equal(before);
    const left = [...readdirSync(project.root), ...readdirSync(project.path('build'))];
    expect(left.filter((name) => /-\d+$/.test(name))).to.deep.equal([]);
  });

  it('can run twice at once: both end well and the result is whole', async () => {
    const project = await fresh();
    project.write('domain/greeting.ts', "export const greeting = 'hello both';\n");
    const [one, other] = await Promise.all([project.build(), project.build()]);
    expect([one.code, other.code], `${one.output}\n${other.output}`).to.deep.equal([0, 0]);
    await rebuilt(project);
    expect(await rebuilt(project)).to.deep.equal([]);
    expect(project.read('dist/domain/greeting.js')).to.include('hello both');
  });

  it('says in one sentence which setting is wrong', async () => {
    const project = await fresh();
    project.write('wrong-settings', '');
    project.write('main.ts', `${project.read('main.ts')}\n`);
    const { code, output } = await project.build();
    expect(code).to.equal(2);
    expect(output.trim().split('\n').at(-1)).to.equal('ValidationError: The region is wrong. Correct it.');
  });

  it('says what to run when nothing is installed', async () => {
    const project = tinyProject({ installed: false });
    projects.push(project);
    const { code, output } = await project.build();
    expect(code).to.equal(4);
    expect(output).to.match(/^BuildOutputMissing: .*typescript.*Run: npm ci\n$/);
  });

  it('says what is missing when there is no worker to bundle', async () => {
    const project = tinyProject();
    projects.push(project);
    rmSync(project.path('buildspec.yml'));
    const { code, output } = await project.build();
    expect(code).to.equal(1);
    expect(output).to.include('nothing to bundle for CodeBuild: buildspec.yml must be there');
  });
});
