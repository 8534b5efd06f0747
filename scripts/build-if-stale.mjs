// Brings dist/, build/bundles and cdktf.out up to date; does nothing, in well under 100 ms, when they are.
// cli/launch.mjs and scripts/test.mjs start it, so that nobody has to think of building.
import { bundlesStep, distStep, synthStep } from './freshness/build-steps.mjs';
import { ensureFresh } from './freshness/ensure-fresh.mjs';
import { requireDependencies, runScript } from './freshness/project.mjs';

await runScript(async () => {
  requireDependencies();
  for (const step of [distStep, bundlesStep, synthStep]) await ensureFresh(step);
});
