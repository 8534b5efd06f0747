import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, ms, runNode, times } from './project.mjs';

const GIGABYTE = 1024 ** 3;
const PART = 64 * 1024 ** 2;
const MOST_MEGABYTES = 128;

/** One file as istanbul writes it: 40 functions, 400 lines, 120 branches. */
const section = (file) => {
  const of = (count, line) => Array.from({ length: count }, (_, index) => line(index)).join('\n');
  return [
    `TN:\nSF:/srv/shop/packages/p${file % 200}/src/module-${file}.ts`,
    of(40, (index) => `FN:${index * 10 + 1},function_${index}`),
    of(40, (index) => `FNDA:${(index % 2) * 7},function_${index}`),
    of(400, (index) => `DA:${index + 1},${(index * 7919 + file) % 13}`),
    of(
      60,
      (index) => `BRDA:${index * 6 + 1},${index},0,${index % 3}\nBRDA:${index * 6 + 1},${index},1,${(index + 1) % 3}`,
    ),
    'end_of_record\n',
  ].join('\n');
};

const writeReport = (path, bytes) => {
  const file = openSync(path, 'w');
  let written = 0;
  for (let index = 0; written < bytes; index += 100) {
    const sections = Array.from({ length: 100 }, (_, each) => section(index + each)).join('');
    written += writeSync(file, sections);
  }
  closeSync(file);
};

const read = (way, file) => JSON.parse(runNode(['scripts/bench/read-lcov.mjs', way, file]).stdout);

/** The gate's LCOV reader: memory for a gigabyte, and time beside two parsers of npm on a part that they can hold. */
export const measureCoverage = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-coverage-'));
  const [large, part] = [join(folder, 'large.info'), join(folder, 'part.info')];
  try {
    writeReport(large, GIGABYTE);
    writeReport(part, PART);
    const whole = read('ours', large);
    const lines = read('ours', part).lines;
    const against = async (way, name) => {
      if (read(way, part).lines !== lines) throw new Error(`${name} does not find the same lines`);
      const result = await inTurns(
        3,
        () => read('ours', part).ms,
        () => read(way, part).ms,
      );
      const ratio = result.ours / result.yardstick;
      return {
        what: `reading 64 MB of LCOV beside ${name}`,
        ours: ms(result.ours),
        yardstick: ms(result.yardstick),
        value: times(ratio),
        bar: '< 1 ×',
        good: ratio < 1,
      };
    };
    return [
      {
        what: `reading 1 GB of LCOV (${whole.lines} lines)`,
        ours: `${Math.round(whole.megabytes)} MB, ${ms(whole.ms)}`,
        yardstick: `${MOST_MEGABYTES} MB`,
        value: `${Math.round(whole.megabytes)} MB`,
        bar: `≤ ${MOST_MEGABYTES} MB`,
        good: whole.megabytes <= MOST_MEGABYTES,
      },
      await against('streamed', '@friedemannsommer/lcov-parser'),
      await against('whole', 'lcov-parse'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
