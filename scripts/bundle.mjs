// npm run bundle: writes build/bundles, whether it is out of date or not.
import { bundlesStep } from './freshness/build-steps.mjs';
import { ensureFresh } from './freshness/ensure-fresh.mjs';
import { requireDependencies, runScript } from './freshness/project.mjs';

await runScript(async () => {
  requireDependencies();
  await ensureFresh(bundlesStep, { force: true });
});
