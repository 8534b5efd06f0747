import { receiptSchema } from '../../domain/receipt';
import type { BoardItem } from '../board/read-board';
import type { LocalWorker } from '../run';
import { toolVersion } from '../tool-version';
import { collectReportItems } from './collect-report-items';
import { itemsOfReceipt } from './items-of-receipt';
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

/** The board as this run's own tick has read it; null when none has seen all of it. */
const lastSight = ([text]: readonly string[], { startedAt }: RunFacts): readonly BoardItem[] | null => {
  if (text === undefined) return null;
  const receipt = receiptSchema.parse(JSON.parse(text));
  return Date.parse(receipt.startedAt) >= startedAt.getTime() ? itemsOfReceipt(receipt) : null;
};

/** What became of the board in this run, from what is on disk: nothing is remembered beside the state itself. */
export const collectReport = async (
  { cloud, github, settings, isItemExecution }: LocalWorker,
  facts: RunFacts,
): Promise<Report> => {
  const { engine, objects, names, release } = cloud;
  const bucket = names.artifactsBucket;
  const receipts = objects.list(bucket, 'receipts/').slice(-RECEIPTS).reverse();
  const texts = receipts.flatMap(({ key }) => objects.readText(bucket, key) ?? []);
  const items = await collectReportItems({
    board: (settings.dryRun && lastSight(texts, facts)) || (await github.view.items()),
    pullRequests: await github.view.pullRequests(),
    executions: engine.executions().filter(({ executionArn }) => isItemExecution(executionArn)),
    history: (executionArn) => engine.history(executionArn),
    readObject: async (key) => objects.readText(bucket, key),
    receipts: texts,
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
