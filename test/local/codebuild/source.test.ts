import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder';
import { type BuildBench, building, openBuildBench, printed, project } from './support/build-bench';

describe('the source of a local build', () => {
  let bench: BuildBench;
  afterEach(() => bench.builds.close());
  const folder = temporaryFolder();
  const finish = async (...request: Parameters<BuildBench['start']>) => {
    const record = await bench.builds.waitForEnd(bench.start(...request).id);
    const [context] = record.phases.find(({ type }) => type === 'DOWNLOAD_SOURCE')?.contexts ?? [];
    return { record, context, output: printed(bench.log(record.id)) };
  };
  beforeEach(() => {
    bench = openBuildBench(folder());
  });

  it('is exactly the version that StartBuild names', async () => {
    const old = await bench.putSource({ 'buildspec.yml': building('cat a.txt'), 'a.txt': 'old\n' });
    await bench.putSource({ 'buildspec.yml': building('cat a.txt'), 'a.txt': 'new\n' });
    const pinned = await finish({ sourceVersion: old.versionId });
    expect(pinned.output).to.deep.equal(['old']);
    expect(pinned.record.resolvedSourceVersion).to.equal(old.versionId);
    expect((await finish()).output).to.deep.equal(['new']);
  });

  it('holds the buildspec under another name, or StartBuild brings it', async () => {
    await bench.putSource({ 'ci/other.yml': building('echo other') });
    expect((await finish({ buildspecOverride: 'ci/other.yml' })).output).to.deep.equal(['other']);
    const inline = 'version: 0.2\nphases:\n  build:\n    commands:\n      - echo inline\n';
    expect((await finish({ buildspecOverride: inline })).output).to.deep.equal(['inline']);
    const none = { sourceTypeOverride: 'NO_SOURCE' as const, sourceLocationOverride: '' };
    expect((await finish({ ...none, buildspecOverride: inline })).output).to.deep.equal(['inline']);
  });

  const broken: readonly (readonly [string, Parameters<BuildBench['start']>[0], string, RegExp])[] = [
    ['does not exist', { sourceLocationOverride: 'releases/none.zip' }, 'CLIENT_ERROR', /NoSuchKey/],
    ['lies in no bucket', { sourceLocationOverride: 'nowhere/x.zip' }, 'CLIENT_ERROR', /bucket nowhere/],
    ['has no such version', { sourceVersion: 'f'.repeat(32) }, 'CLIENT_ERROR', /NoSuchKey/],
    ['has no buildspec', { buildspecOverride: 'none.yml' }, 'YAML_FILE_ERROR', /YAML file does not exist/],
    ['has its buildspec outside', { buildspecOverride: '../../build.json' }, 'YAML_FILE_ERROR', /does not exist/],
    ['has a wrong buildspec', { buildspecOverride: 'wrong.yml' }, 'YAML_FILE_ERROR', /version/],
  ];
  for (const [what, request, statusCode, message] of broken)
    it(`that ${what} fails the build and says so`, async () => {
      await bench.putSource({ 'buildspec.yml': building('echo never'), 'wrong.yml': 'phases: {}' });
      const { record, context, output } = await finish(request);
      expect(record.status).to.equal('FAILED');
      expect(context?.statusCode).to.equal(statusCode);
      expect(context?.message).to.match(message);
      expect(output).not.to.include('never');
    });

  it('is refused at the start when its place cannot be one', () => {
    expect(() => bench.start({ sourceLocationOverride: 'no-slash' }))
      .to.throw(Error)
      .with.property('name', 'InvalidInputException');
    bench = openBuildBench(folder(), { projects: [project({ source: { type: 'S3', location: '', buildspec: '' } })] });
    expect(() => bench.start())
      .to.throw(Error)
      .with.property('name', 'InvalidInputException');
  });
});
