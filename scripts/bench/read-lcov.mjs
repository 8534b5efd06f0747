// node read-lcov.mjs ours|streamed|whole FILE: reads an LCOV file in one of three ways, and prints how long it took and how much memory this process had at most.
import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';

const [way, file] = process.argv.slice(2);

const ways = {
  ours: async () => {
    const [{ readCoverage }, { fileSource }] = await Promise.all([
      import('../../dist/domain/coverage-reports/read-coverage.js'),
      import('../../dist/worker/build/file-source.js'),
    ]);
    return async () => {
      const report = { path: 'coverage/lcov.info', root: '/srv/shop', source: await fileSource(file) };
      const data = await readCoverage([report], { files: [], wanted: new Map() });
      return data.totals.lines.total;
    };
  },
  streamed: async () => {
    const { lcovParser } = await import('@friedemannsommer/lcov-parser');
    return async () => {
      const sections = await lcovParser({ from: createReadStream(file) });
      return sections.reduce((sum, { lines }) => sum + lines.details.length, 0);
    };
  },
  whole: async () => {
    const { default: parse } = await import('lcov-parse');
    return () =>
      new Promise((resolve, reject) => {
        parse(file, (error, sections) =>
          error
            ? reject(new Error(error))
            : resolve(sections.reduce((sum, { lines }) => sum + lines.details.length, 0)),
        );
      });
  },
};

const read = await ways[way]();
const started = performance.now();
const lines = await read();
const ms = performance.now() - started;
console.log(JSON.stringify({ ms, lines, megabytes: process.resourceUsage().maxRSS / 1024 }));
