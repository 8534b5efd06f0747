import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const FIRST_LINE_MS = 1_000;
const WHOLE_SECONDS = 60;
const OVERHEAD_SECONDS = 2;

/** Runs `start` in a new folder as a person would; gives the moments of its first line and of its end. */
const runSample = (cwd) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [join(process.cwd(), 'cli/launch.mjs'), 'start', '--json', 'report.json'], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let firstLine;
    child.stdout.on('data', () => {
      firstLine ??= performance.now() - started;
    });
    child.on('close', (code) =>
      code === 0
        ? resolve({ firstLine, whole: performance.now() - started })
        : reject(new Error(`start ended with ${code}`)),
    );
  });

const buildSeconds = (folder) =>
  readdirSync(folder).reduce((sum, id) => {
    const { start, end } = JSON.parse(readFileSync(join(folder, id, 'build.json'), 'utf8'));
    return sum + ((end ?? start) - start) / 1000;
  }, 0);

/** The sample, with everything built: first line, whole run, and what orchestration adds to the builds. */
export const measureSample = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench sample '));
  const { firstLine, whole } = await runSample(folder);
  const builds = buildSeconds(join(folder, '.kiro-worker', 'sample', 'aws', 'builds'));
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  const run = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  rmSync(folder, { recursive: true, force: true });
  const executions = report.items.reduce((sum, item) => sum + item.executions, 0);
  const overhead = (run - builds) / executions;
  return [
    {
      what: 'first line of npm start',
      ours: `${Math.round(firstLine)} ms`,
      yardstick: 'none',
      value: `${Math.round(firstLine)} ms`,
      bar: `≤ ${FIRST_LINE_MS} ms`,
      good: firstLine <= FIRST_LINE_MS,
    },
    {
      what: 'whole sample',
      ours: `${(whole / 1000).toFixed(1)} s`,
      yardstick: 'none',
      value: `${(whole / 1000).toFixed(1)} s`,
      bar: `≤ ${WHOLE_SECONDS} s`,
      good: whole / 1000 <= WHOLE_SECONDS,
    },
    {
      what: 'orchestration beside the builds, for each execution of an item',
      ours: `${run.toFixed(1)} s for ${executions} executions`,
      yardstick: `${builds.toFixed(1)} s of builds`,
      value: `${overhead.toFixed(2)} s each, ${(run - builds).toFixed(1)} s in all`,
      bar: `≤ ${OVERHEAD_SECONDS} s`,
      good: overhead <= OVERHEAD_SECONDS,
    },
  ];
};
