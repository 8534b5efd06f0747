import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boardFileSchema } from '../board/board-file';
import { seedOfBoard, settingsOfBoard } from '../board/board-of-file';
import { projectRoot } from '../project-root';
import type { LocalRun } from '../run';
import { newRunSettings } from '../runs/run-settings';
import { type AgentFault, agentFaultsOf, type KiroEngine } from './agent-faults';
import { prepareSampleRepository, type SampleRepository } from './prepare-repository';
import { zipReplay } from './replay-agent';

/** The agent that replays them all: to be pinned. */
export const replayZipIn = (stateFolder: string): string => join(stateFolder, 'kiro-replay.zip');

/** Short, so that a silent or endless run ends while people look on. */
const SETTINGS = `version: 1
install:
  command: ""
test:
  command: npm test
agent:
  timeoutMinutes: 0.25
  stallMinutes: 0.1
`;

/** They wait most of the time. */
const SLOTS = 3;

const camel = (spec: string): string => spec.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** What a run that works writes: code, and tests that cover it. */
const writesOf = (spec: string): Readonly<Record<string, string>> => ({
  [`src/${spec}.js`]: `'use strict';\n\nexports.${camel(spec)} = (amount) => (amount > 0 ? amount : 0);\n`,
  [`test/${spec}.test.js`]:
    `'use strict';\n\nconst assert = require('node:assert/strict');\nconst { ${camel(spec)} } = require('../src/${spec}');\n\n` +
    `describe('${spec}', () => {\n  it('keeps what is owed', () => assert.equal(${camel(spec)}(3), 3));\n` +
    `  it('owes nothing below zero', () => assert.equal(${camel(spec)}(-1), 0));\n});\n`,
});

const writeSpec = ({ spec, shows }: AgentFault, workTree: string): void => {
  const folder = join(workTree, '.kiro', 'specs', spec);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'requirements.md'),
    `# Requirements\n\n${shows}\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. WHEN an amount is below zero THEN it SHALL be zero\n`,
  );
  writeFileSync(
    join(folder, 'tasks.md'),
    `# Implementation Plan\n\n- [ ] 1. Write src/${spec}.js and its tests\n  - _Requirements: 1.1_\n`,
  );
};

const repositoryOf = (faults: readonly AgentFault[], sampleFolder: string): SampleRepository => ({
  name: 'shop',
  writeBase: (workTree) => {
    cpSync(join(sampleFolder, 'repository'), workTree, { recursive: true });
    writeFileSync(join(workTree, 'kiro-worker.yml'), SETTINGS);
  },
  branches: faults.map((fault) => ({
    name: `feature/${fault.spec}`,
    title: `Spec: ${fault.spec}`,
    write: (workTree: string) => writeSpec(fault, workTree),
  })),
});

const zipOf = (faults: readonly AgentFault[]): Uint8Array =>
  zipReplay(
    {
      default: { version: '2.21.2', fault: 'none' },
      specs: Object.fromEntries(
        faults.map(({ spec, version, fault }) => [spec, { version, fault, writes: writesOf(spec) }]),
      ),
    },
    null,
  );

/** Sets up the board of agent faults in `stateFolder`; what an earlier start has left there goes on from where it stood. */
export const openAgentFaults = async (
  stateFolder: string,
  engine: KiroEngine,
  searchPath: string,
): Promise<LocalRun> => {
  const root = projectRoot();
  const faults = agentFaultsOf(engine);
  const repository = {
    nameWithOwner: 'sample/shop',
    path: await prepareSampleRepository(stateFolder, repositoryOf(faults, join(root, 'local', 'sample')), searchPath),
    defaultBranch: 'main',
  };
  const bytes = zipOf(faults);
  writeFileSync(replayZipIn(stateFolder), bytes);
  const file = boardFileSchema.parse({
    version: 1,
    title: `Agent faults, engine ${engine}`,
    items: faults.map(({ spec, shows }, at) => ({ number: at + 1, title: shows, branch: `feature/${spec}` })),
  });
  return {
    settings: newRunSettings({
      source: repository.path,
      repository,
      agentCommand: 'kiro-cli',
      agentEngine: engine,
      agentSha256: createHash('sha256').update(bytes).digest('hex'),
      programFolders: [join(root, 'node_modules', '.bin')],
      maxConcurrentItems: SLOTS,
    }),
    budget: 'unlimited', // most of them fail, one after the other
    board: { seed: seedOfBoard(file, repository), settings: settingsOfBoard(file, repository) },
  };
};
