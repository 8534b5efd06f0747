// npm test: build, every test, and the coverage of the project's own code.
// nyc's own check passes a report that measured nothing, so the numbers are judged here.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const MINIMUM = { lines: 90, branches: 85 };
const bin = (name) => `node_modules/.bin/${name}`;

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
};

rmSync('coverage', { recursive: true, force: true });
run(process.execPath, ['scripts/build-if-stale.mjs']);
run(bin('nyc'), [process.execPath, 'scripts/run-test-files.mjs', ...process.argv.slice(2)]);

const { total } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8'));
let failed = false;
for (const [metric, minimum] of Object.entries(MINIMUM)) {
  const { covered, total: all, pct } = total[metric];
  const enough = all > 0 && pct >= minimum;
  console.log(
    `${metric}: ${pct} % (${covered} of ${all}), at least ${minimum} % ${enough ? 'reached' : 'NOT reached'}`,
  );
  failed ||= !enough;
}
process.exitCode = failed ? 1 : 0;
