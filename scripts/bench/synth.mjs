import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, ms, runNode, times } from './project.mjs';

const BAR = 1.5;

/** The whole process that writes all stacks, beside a bare CDKTF application with the same resources. */
export const measureSynth = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const { ours, yardstick } = await inTurns(
    7,
    () => runNode(['dist/main.js'], { CDKTF_OUTDIR: join(folder, 'ours') }).ms,
    () => runNode(['scripts/bench/bare-app.mjs', 'cdktf.out/stacks', join(folder, 'bare')]).ms,
  );
  rmSync(folder, { recursive: true, force: true });
  const ratio = ours / yardstick;
  return [
    {
      what: 'synthesis of all stacks, whole process',
      ours: ms(ours),
      yardstick: `${ms(yardstick)}, a bare CDKTF application with the same resources`,
      value: times(ratio),
      bar: `≤ ${BAR} ×`,
      good: ratio <= BAR,
    },
  ];
};
