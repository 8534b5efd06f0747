import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect } from 'chai';
import { readBoardFile } from '../../local/board/board-file';
import { seedOfBoard, settingsOfBoard } from '../../local/board/board-of-file';
import { moveBoardItem, readBoardItems } from '../../local/board/read-board';
import { type LocalWorker, openLocalWorker } from '../../local/run';
import { git } from '../local/github/github-fixture';
import { failureOf } from '../support/failure-of';
import { temporaryFolder } from '../support/temporary-folder';
import { makeProject, specFiles, writeBoard } from './support/small-repositories';

const LCOV = 'SF:a.js\\nDA:1,1\\nLF:1\\nLH:1\\nend_of_record\\n';
const project = {
  'a.js': '1;\n',
  '.gitignore': 'coverage\n',
  'kiro-worker.yml': `version: 1\ninstall:\n  command: ""\ntest:\n  command: mkdir -p coverage && printf '${LCOV}' > coverage/lcov.info\n`,
};
const names = ['lost-answers', 'foreign-commit', 'deleted'];

describe('the worker, when GitHub and those who use it misbehave in the middle of a run,', function () {
  this.timeout(240_000);
  const folder = temporaryFolder();

  /** `onBuilt` is called when the build of a branch has ended and nothing is published yet. */
  const open = async (onBuilt: (branch: string, repository: string) => void) => {
    const path = await makeProject(
      join(folder(), 'shop'),
      project,
      Object.fromEntries(names.map((name) => [`feature/${name}`, specFiles(name, ['do it'])])),
    );
    const repository = { nameWithOwner: 'local/shop', path, defaultBranch: 'main' };
    const items = names.map((name) => ({ title: name, branch: `feature/${name}` }));
    const file = readBoardFile(writeBoard(join(folder(), 'board.json'), items));
    const worker = await openLocalWorker({
      stateFolder: join(folder(), 'state'),
      prepare: async () => ({
        settings: {
          version: 1,
          source: path,
          repository,
          github: null,
          dryRun: false,
          agentCommand: 'date >> work.txt',
          agentEngine: 'v2' as const,
          agentSha256: null,
          passedVariables: [],
          programFolders: [],
          steering: null,
          maxConcurrentItems: 1,
        },
        budget: 'unlimited',
        board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
      }),
      variables: { PATH: process.env.PATH },
      onLiveEvent: () => undefined,
    });
    worker.cloud.engine.onEvent((arn: string, event: HistoryEvent) => {
      if (event.stateExitedEventDetails?.name !== 'Build') return;
      const input = worker.cloud.engine.executions().find(({ executionArn }) => executionArn === arn)?.input ?? '{}';
      onBuilt((JSON.parse(input) as { item: { branch: string } }).item.branch, path);
    });
    return { worker, path };
  };
  const standIn = ({ github }: LocalWorker) => {
    if (!github.standIn) throw new Error('the stand-in is not there');
    return github.standIn;
  };
  const pulls = (worker: LocalWorker) =>
    standIn(worker)
      .model.all('PullRequest')
      .map(({ headRefName, state }) => `${headRefName} ${state}`);
  const statuses = (worker: LocalWorker) =>
    Object.fromEntries(readBoardItems(standIn(worker).model).map(({ title, status }) => [title, status]));

  it('opens no second pull request, loses no item, pushes over nobody and gives the right reasons', async () => {
    const tampering: Promise<unknown>[] = [];
    const { worker, path } = await open((branch, repository) => {
      if (branch.endsWith('foreign-commit'))
        tampering.push(git(repository, 'update-ref', 'refs/heads/feature/foreign-commit', 'refs/heads/main'));
      if (branch.endsWith('deleted')) tampering.push(git(repository, 'branch', '-D', 'feature/deleted'));
    });
    try {
      const { faults, model } = standIn(worker);
      faults.add({ kind: 'unavailable', status: 504, operation: 'createPullRequest', afterEffect: true });
      faults.add({ kind: 'connection-reset', operation: 'git-receive-pack', afterEffect: true });
      faults.add({ kind: 'unavailable', status: 502, operation: 'addComment', afterEffect: true });
      const signal = new AbortController().signal;
      await worker.work(signal);
      await Promise.all(tampering);
      expect(pulls(worker)).to.deep.equal(['feature/lost-answers OPEN']);
      expect(statuses(worker)).to.deep.equal({
        'lost-answers': 'In review',
        'foreign-commit': 'Needs attention',
        deleted: 'Needs attention',
      });
      const reasons = model
        .all('IssueComment')
        .map(({ body }) => /(\w+): "?feature/.exec(body)?.[1] ?? /BranchNotFound/.exec(body)?.[0]);
      expect(reasons).to.include.members(['BranchMoved', 'BranchNotFound']);
      expect(reasons).to.have.length(3);
      expect(await git(path, 'rev-parse', 'feature/foreign-commit')).to.equal(await git(path, 'rev-parse', 'main'));
      const queues = JSON.parse(readFileSync(join(folder(), 'state', 'aws', 'sqs.json'), 'utf8')) as object;
      expect(Object.values(queues).flat(), 'dead letters').to.have.length(2);

      const [pull] = model.all('PullRequest');
      if (!pull) throw new Error('there is no pull request');
      model.put({ ...pull, state: 'CLOSED' });
      const [field] = model.all('ProjectV2SingleSelectField').filter(({ name }) => name === 'Status');
      if (!field) throw new Error('there is no field');
      moveBoardItem(model, 1, 'Ready');
      model.put({ ...field, name: 'Stage' });
      const misnamed = await failureOf(worker.work(signal));
      expect(misnamed).to.include({ name: 'BoardMisconfigured' });
      expect(misnamed.message).to.match(/"Stage"/);
      model.put(field);
      faults.add({ kind: 'secondary-limit', status: 403, operation: 'BoardItems' });
      expect(await failureOf(worker.work(signal))).to.include({ name: 'RateLimited' });
      await worker.work(signal);
      expect(pulls(worker)).to.deep.equal(['feature/lost-answers CLOSED', 'feature/lost-answers OPEN']);
      expect(statuses(worker)['lost-answers']).to.equal('In review');
    } finally {
      await worker.close();
    }
  });
});
