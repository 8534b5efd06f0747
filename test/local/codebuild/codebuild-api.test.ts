import * as client from '@aws-sdk/client-codebuild';
import { expect } from 'chai';
import { createCodeBuildApi } from '../../../local/codebuild/codebuild-api';
import { temporaryFolder } from '../../support/temporary-folder';
import { type AwsBench, errorName, openAwsBench } from '../aws/support/aws-bench';
import { type BuildBench, building, openBuildBench } from './support/build-bench';

describe('the local CodeBuild, asked by its SDK client,', () => {
  let aws: AwsBench;
  let bench: BuildBench;
  let codebuild: client.CodeBuildClient;
  afterEach(async () => {
    codebuild.destroy();
    await bench.builds.close();
    await aws.close();
  });
  const folder = temporaryFolder();
  beforeEach(async () => {
    bench = openBuildBench(folder());
    aws = await openAwsBench(folder(), { services: [createCodeBuildApi(bench.builds)] });
    codebuild = new client.CodeBuildClient(aws.client);
  });

  const start = async (more: Partial<client.StartBuildCommandInput> = {}) => {
    const { build } = await codebuild.send(new client.StartBuildCommand({ projectName: 'project', ...more }));
    if (!build?.id) throw new Error('StartBuild gave no build');
    return { ...build, id: build.id };
  };
  const describeBuild = async (id: string) => {
    const { builds } = await codebuild.send(new client.BatchGetBuildsCommand({ ids: [id] }));
    return builds?.[0];
  };

  it('starts a build and shows its course', async () => {
    await bench.putSource({ 'buildspec.yml': building('echo $WORK') });
    const variable = { name: 'WORK', value: 'item', type: 'PLAINTEXT' as const };
    const started = await start({ environmentVariablesOverride: [variable] });
    expect(started).to.include({
      buildStatus: 'IN_PROGRESS',
      buildComplete: false,
      initiator: 'tester',
      buildNumber: 1,
    });
    expect(started.id).to.match(/^project:[0-9a-f-]{36}$/);
    await bench.builds.waitForEnd(started.id);
    const ended = await describeBuild(started.id);
    expect(ended).to.include({ buildStatus: 'SUCCEEDED', buildComplete: true, currentPhase: 'COMPLETED' });
    expect(ended?.endTime).to.be.instanceOf(Date);
    expect(ended?.environment?.environmentVariables).to.deep.equal([variable]);
    const build = ended?.phases?.find(({ phaseType }) => phaseType === 'BUILD');
    expect(build).to.include({ phaseStatus: 'SUCCEEDED' });
    expect(build?.durationInSeconds).to.be.a('number');
    expect(ended?.phases?.at(-1)).to.include({ phaseType: 'COMPLETED' }).and.not.to.have.property('phaseStatus');
    expect(bench.log(started.id)).to.contain('\nitem\n');
  });

  it('stops a build', async () => {
    await bench.putSource({ 'buildspec.yml': building('sleep 1000') });
    const { id } = await start();
    await codebuild.send(new client.StopBuildCommand({ id }));
    await bench.builds.waitForEnd(id);
    expect(await describeBuild(id)).to.include({ buildStatus: 'STOPPED' });
  });

  it('tells known builds from unknown ones', async () => {
    const answer = await codebuild.send(new client.BatchGetBuildsCommand({ ids: ['project:none'] }));
    expect(answer).to.deep.include({ builds: [], buildsNotFound: ['project:none'] });
  });

  it('refuses what it does not know, by the names that AWS has for it', async () => {
    expect(await errorName(start({ projectName: 'none' }))).to.equal('ResourceNotFoundException');
    expect(await errorName(start({ privilegedModeOverride: true }))).to.equal('InvalidInputException');
    expect(await errorName(start({ timeoutInMinutesOverride: 4 }))).to.equal('InvalidInputException');
    expect(await errorName(codebuild.send(new client.BatchGetBuildsCommand({ ids: [] })))).to.equal(
      'InvalidInputException',
    );
    expect(await errorName(codebuild.send(new client.ListBuildsCommand({})))).to.equal('UnknownOperationException');
  });
});
