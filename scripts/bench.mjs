// npm run bench [NAME …]: each figure as a ratio to a yardstick that is measured in the same run, on the same machine. No threshold fails the
// command: a machine's mood is no defect. What the bars are and why is in docs/guides/benchmarks.md.
import { measureBundles } from './bench/bundles.mjs';
import { measureCoverage } from './bench/coverage.mjs';
import { measureLocks } from './bench/locks.mjs';
import { measurePoll } from './bench/poll.mjs';
import { requireDependencies, runNode } from './bench/project.mjs';
import { measureSample } from './bench/sample.mjs';
import { measureSynth } from './bench/synth.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'; // it says at every start that Node 22 will be needed next year

const benches = {
  synth: measureSynth,
  bundles: measureBundles,
  locks: measureLocks,
  poll: measurePoll,
  coverage: measureCoverage,
  sample: measureSample,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in benches));
if (unknown) {
  console.error(`There is no bench "${unknown}". There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
requireDependencies();
await runNode(['scripts/build-if-stale.mjs']);
for (const [name, measure] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const { what, ours, yardstick, value, bar, good } of await measure())
    console.log(
      `${good ? 'ok  ' : 'MISS'} ${name.padEnd(8)} ${what}: ${value} (bar: ${bar})\n              ours ${ours}, yardstick ${yardstick}`,
    );
}
