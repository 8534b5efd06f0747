import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export const requireDependencies = () => {
  if (existsSync('node_modules')) return;
  console.error('The dependencies are not installed. Run: npm ci');
  process.exit(4);
};

/** Runs node to its end and gives its wall time in ms and what it printed. Throws when it fails. */
export const runNode = (args, env = {}) => {
  const started = performance.now();
  const end = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1', NODE_NO_WARNINGS: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (end.status !== 0) throw new Error(`node ${args.join(' ')} ended with ${end.status}: ${end.stderr}`);
  return { ms: performance.now() - started, stdout: end.stdout };
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Medians of two things that are measured in turns, so that both have the machine's same moods. */
export const inTurns = async (rounds, ours, theirs) => {
  const [mine, yardstick] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    mine.push(await ours());
    yardstick.push(await theirs());
  }
  return { ours: median(mine), yardstick: median(yardstick) };
};

export const ms = (value) => `${Math.round(value)} ms`;
export const times = (value) => `${value.toFixed(2)} ×`;
