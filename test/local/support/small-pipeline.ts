import type { BundleFiles } from '../stacks/support/synthesized';

const task = (body: string) => ({ 'index.mjs': `export const handler = async (input) => { ${body} };` });

/** Tasks that only pass an item on, and builds that run these commands: what travels between the parts of the cloud is real. */
export const smallPipeline = (...commands: readonly string[]): BundleFiles => ({
  tasks: {
    'poll-work-items': task('return { items: [], environment: process.env };'),
    'acquire-lock': task(
      'return { outcome: "acquired", lease: { itemId: input.item.itemId, owner: input.owner, fence: 1, attempt: 1, slot: 0 }, credits: {} };',
    ),
    'announce-start': task('return { outcome: "announced" };'),
    'coverage-gate': task(
      'return { kind: "green", summary: "all is well", hasCommits: true, fruitful: true, verdictKey: "verdicts/v", verdictVersionId: "1", resultVersionId: "1", fault: null };',
    ),
    'update-pull-request': task('return { pullRequest: { number: 1 } };'),
    'report-failure': task('return { code: input.failure.error };'),
    'record-spending': task('return { outcome: "nothing-spent", report: null };'),
    'release-lock': task('return { outcome: "released" };'),
  },
  worker: { 'buildspec.yml': JSON.stringify({ version: 0.2, phases: { build: { commands } } }) },
});

export const smallItem = { itemId: 'PVTI_1', branch: 'feature/a', specPath: '.kiro/specs/a' };
