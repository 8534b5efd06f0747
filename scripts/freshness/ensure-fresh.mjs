import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { digestOf, forgetFiles, identityOf } from './files.mjs';
import { inProject } from './project.mjs';

const stampOf = ({ name }) => inProject('build', 'stamps', `${name}.json`);

const readStamp = (step) => {
  try {
    return JSON.parse(readFileSync(stampOf(step), 'utf8'));
  } catch {
    return null;
  }
};

/** Fresh: made from exactly these inputs, and nobody has touched what was made. */
const isFresh = (step, inputs) => {
  const stamp = readStamp(step);
  return stamp?.inputs === inputs && Object.entries(stamp.outputs).every(([file, known]) => identityOf(file) === known);
};

/**
 * Runs the step unless it is fresh. The stamp goes first and comes back last, so a killed step is stale; it names the outputs as they are, so what two
 * processes have written in turns is stale as well. Steps put finished files in place by renaming them: nobody ever reads half a file.
 */
export const ensureFresh = async (step, { force = false } = {}) => {
  const inputs = digestOf(step.inputs());
  if (!force && isFresh(step, inputs)) return;
  const started = performance.now();
  rmSync(stampOf(step), { force: true });
  await step.run();
  forgetFiles();
  const outputs = Object.fromEntries(step.outputs().map((file) => [file, identityOf(file)]));
  mkdirSync(inProject('build', 'stamps'), { recursive: true });
  const draft = `${stampOf(step)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ inputs, outputs }));
  renameSync(draft, stampOf(step));
  process.stdout.write(`${step.title} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
};
