import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { graphql } from '@octokit/graphql';
import { findBoard } from '../../dist/adapters/github/find-board.js';
import { createGraphqlClient } from '../../dist/adapters/github/graphql-client.js';
import { boardItemsDocument, readBoardPages, statusFilter } from '../../dist/adapters/github/read-board.js';
import { boardSettingsSchema } from '../../dist/domain/board-settings.js';
import { startGitHub } from '../../dist/local/github/stand-in.js';
import { inTurns, ms, times } from './project.mjs';

const ITEMS = 10_000;
const PAGE = 100;
const BAR = 1.2;

const seed = {
  owners: [{ login: 'acme', kind: 'organization' }],
  boards: [
    {
      owner: 'acme',
      number: 1,
      title: 'Board',
      fields: [
        { name: 'Status', type: 'single-select', options: ['Ready', 'In progress', 'In review', 'Needs attention'] },
        { name: 'Priority', type: 'single-select', options: ['High'] },
        { name: 'Branch', type: 'text' },
        { name: 'Spec', type: 'text' },
      ],
      items: Array.from({ length: ITEMS }, (_, index) => ({
        type: 'draft-issue',
        title: `Draft ${index}`,
        values: { Status: 'Ready' },
      })),
    },
  ],
};

/** Reading a board of 10,000 ready items: requests, memory, and time beside the same documents sent by the plain client. */
export const measurePoll = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-poll-'));
  const github = await startGitHub({
    stateFolder: folder,
    tokens: [{ token: 'bench-token', login: 'worker', canWrite: true }],
    pointsPerHour: 1_000_000,
  });
  await github.seed(seed);
  const settings = boardSettingsSchema.parse({
    owner: 'acme',
    ownerKind: 'organization',
    number: 1,
    repositories: ['acme/shop'],
  });
  const { run } = createGraphqlClient(
    { apiUrl: github.apiUrl },
    { token: async () => 'bench-token', now: () => new Date(), pause: async () => undefined },
  );
  const statuses = ['Ready', 'In progress'];
  const figures = { requests: 0, items: 0, memory: 0 };
  const variables = { filter: statusFilter('Status', statuses), ...settings.fields };
  const ours = async () => {
    const started = performance.now();
    const before = github.requests.length;
    figures.items = 0;
    const board = await findBoard(settings, run);
    const heap = process.memoryUsage().heapUsed;
    for await (const page of readBoardPages(board, settings, statuses, run)) {
      figures.items += page.length;
      figures.memory = Math.max(figures.memory, process.memoryUsage().heapUsed - heap);
    }
    figures.requests = github.requests.length - before;
    return performance.now() - started;
  };
  const projectId = (await findBoard(settings, run)).projectId;
  const plain = graphql.defaults({ baseUrl: github.apiUrl, headers: { authorization: 'token bench-token' } });
  const theirs = async () => {
    const started = performance.now();
    let after = null;
    do {
      const { node } = await plain(boardItemsDocument, { ...variables, projectId, after });
      after = node.items.pageInfo.hasNextPage ? node.items.pageInfo.endCursor : null;
    } while (after);
    return performance.now() - started;
  };
  const result = await inTurns(3, ours, theirs);
  await github.close();
  rmSync(folder, { recursive: true, force: true });
  const ratio = result.ours / result.yardstick;
  const exact = figures.requests === ITEMS / PAGE + 1 && figures.items === ITEMS;
  return [
    {
      what: `requests for ${ITEMS} items`,
      ours: `${figures.requests}`,
      yardstick: `${ITEMS / PAGE} pages and one look at the fields`,
      value: `${figures.requests}`,
      bar: `exactly ${ITEMS / PAGE} + 1`,
      good: exact,
    },
    {
      what: `reading ${ITEMS} items`,
      ours: ms(result.ours),
      yardstick: `${ms(result.yardstick)}, the same document through the plain client`,
      value: times(ratio),
      bar: `≤ ${BAR} ×`,
      good: ratio <= BAR,
    },
  ];
};
