// npm run synth, and what cdktf.json names as the app: writes the stacks, always. The CDKTF command line says where through CDKTF_OUTDIR.
import { resolve } from 'node:path';
import { bundlesStep, distStep, synthesizeInto, synthStep } from './freshness/build-steps.mjs';
import { ensureFresh } from './freshness/ensure-fresh.mjs';
import { inProject, requireDependencies, runScript } from './freshness/project.mjs';

await runScript(async () => {
  requireDependencies();
  await ensureFresh(distStep);
  await ensureFresh(bundlesStep);
  const target = resolve(process.env.CDKTF_OUTDIR ?? inProject('cdktf.out'));
  const isOurOwn = target === inProject('cdktf.out');
  await (isOurOwn ? ensureFresh(synthStep, { force: true }) : synthesizeInto(target));
});
