import { expect } from 'chai';
import { type BuildGround, git, inWhoseName, prepareBuild, type Scene, SPEC, testUser } from '../../support/build-ground';

describe(`runBuild, ${inWhoseName}`, () => {
  let ground: BuildGround | null = null;
  const prepare = async (scene: Scene): Promise<BuildGround> => {
    ground = await prepareBuild(scene);
    return ground;
  };
  afterEach(() => ground?.remove());

  it('does the open tasks one by one and proves the result', async () => {
    const { run, checkout, show, changed, source, lines } = await prepare({
      base: { 'test.sh': 'mkdir -p coverage && echo "{}" > coverage/coverage-summary.json && echo fine\n' },
      tasks: '# Plan\r\n\r\n- [ ] 1. Parent\r\n\t- [x] 1.1 Before\r\n\t- [-] 1.2 Write\r\n\t- [ ]* 1.3 Maybe\r\n- [ ] 2. Checkpoint\r\n',
      agent: 'cat > prompt.$KIRO_WORKER_TASK_ID; [ $KIRO_WORKER_TASK_ID = 1.2 ] || rm prompt.$KIRO_WORKER_TASK_ID',
    });
    const result = await run();
    console.log(lines.join('\n'));
    console.log(JSON.stringify(result, null, 1));
    expect(result.isolated).to.equal(testUser !== null);
    expect(result.tasks.map(({ id, state }) => [id, state])).to.deep.equal([
      ['1.1', 'already-done'],
      ['1.2', 'done'],
      ['1.3', 'skipped'],
      ['2', 'done'],
    ]);
    expect(show(`${SPEC}/tasks.md`, result)).to.equal(
      '# Plan\r\n\r\n- [x] 1. Parent\r\n\t- [x] 1.1 Before\r\n\t- [x] 1.2 Write\r\n\t- [ ]* 1.3 Maybe\r\n- [x] 2. Checkpoint\r\n',
    );
    const [first, second] = result.commits;
    expect(changed(first?.sha ?? '')).to.deep.equal([`${SPEC}/tasks.md`, 'prompt.1.2']);
    expect(changed(second?.sha ?? '')).to.deep.equal([`${SPEC}/tasks.md`]);
    expect(git(source, 'log', '-1', '--format=%B|%(trailers:key=Kiro-Task,valueonly)|%an|%P', first?.sha ?? '')).to.equal(
      `Task 1.2: Write\n\nKiro-Task: 1.2\n|1.2\n|Kiro CodeBuild Worker|${checkout.head}\n`,
    );
  });
});
