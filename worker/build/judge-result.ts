import type { BuildResult, StoredObject } from '../../domain/build-result';
import type { ChangedLines } from '../../domain/changed-lines';
import { type Judgement, judgeMeasurement } from '../../domain/decide-verdict';
import { readMeasured, readTotals } from '../../domain/measured-coverage';
import { DEFAULT_CHANGED_LINES } from '../../domain/repository-settings';
import { fileSource } from './file-source';
import type { Plan } from './make-plan';
import type { Measurement } from './measure';

/** The higher of what the environment and the repository ask for. */
export const gateOf = ({ settings: { gate, test } }: Pick<Plan, 'settings'>, floor: number): BuildResult['gate'] => ({
  lines: Math.max(floor, gate.lines),
  branches: Math.max(floor, gate.branches),
  functions: Math.max(floor, gate.functions),
  statements: Math.max(floor, gate.statements),
  maxDrop: gate.maxDrop,
  changedLines: gate.changedLines ?? DEFAULT_CHANGED_LINES,
  needsChangedLines: (gate.changedLines ?? 0) > 0,
  needsTestReport: test.reports !== undefined,
});

const openCopy =
  (copies: Measurement['copies']) =>
  async ({ key }: StoredObject) => {
    const file = copies.get(key);
    return file === undefined ? null : fileSource(file);
  };

type Input = {
  readonly before: Measurement;
  readonly after: Measurement;
  readonly changes: ChangedLines;
  readonly floor: number;
};

/** What the gate will say of this measurement, found out in the same way from our copies of the same reports. */
export const judgeResult = async (
  { before, after, changes, floor }: Input,
  plan: Pick<Plan, 'settings'>,
): Promise<Judgement> => {
  const measured = {
    before: await readTotals(before.coverage, changes, openCopy(before.copies)),
    after: await readMeasured(after.coverage, changes, openCopy(after.copies)),
  };
  return judgeMeasurement({ tests: after.tests, gate: gateOf(plan, floor) }, measured, changes, floor);
};
