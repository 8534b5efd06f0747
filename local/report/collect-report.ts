import { join } from 'node:path';
import { readBoardItems } from '../board/read-board';
import { writePullRequests } from '../board/write-pull-requests';
import type { LocalWorker } from '../run';
import { toolVersion } from '../tool-version';
import { collectReportItems } from './collect-report-items';
import { REPORT_SCHEMA, type Report } from './report';

/** The newest receipts; an item that is refused is in each of them. */
const RECEIPTS = 10;

export type RunFacts = {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly ticks: number;
  readonly interrupted: boolean;
  readonly stateFolder: string;
  readonly deadLetters: readonly { readonly id: string; readonly itemId: string }[];
};

/** What became of the board in this run, from what is on disk: nothing is remembered beside the state itself. */
export const collectReport = async (
  { cloud, github, settings, isItemExecution }: LocalWorker,
  facts: RunFacts,
): Promise<Report> => {
  const { engine, objects, names, release } = cloud;
  const bucket = names.artifactsBucket;
  const receipts = objects.list(bucket, 'receipts/').slice(-RECEIPTS).reverse();
  const items = await collectReportItems({
    board: readBoardItems(github.model),
    pullRequests: writePullRequests(join(facts.stateFolder, 'pull-requests'), github.model),
    executions: engine.executions().filter(({ executionArn }) => isItemExecution(executionArn)),
    history: (executionArn) => engine.history(executionArn),
    readObject: async (key) => objects.readText(bucket, key),
    receipts: receipts.flatMap(({ key }) => objects.readText(bucket, key) ?? []),
    deadLetters: facts.deadLetters,
  });
  return {
    $schema: REPORT_SCHEMA,
    version: 1,
    tool: { name: 'kiro-codebuild-worker', version: toolVersion(), release },
    environment: cloud.environment.name,
    repository: settings.source,
    stateFolder: facts.stateFolder,
    startedAt: facts.startedAt.toISOString(),
    endedAt: facts.endedAt.toISOString(),
    ticks: facts.ticks,
    interrupted: facts.interrupted,
    items: [...items],
  };
};
