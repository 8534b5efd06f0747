import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { inTurns, ms, runNode, times } from './project.mjs';

const MOST_BYTES = 600 * 1024;
const BAR = 1.5;
/** The SDK clients that a bundle holds, as each names its service; the yardstick is their client classes alone. */
const servicesOf = (code) =>
  [...code.matchAll(/serviceId\?\?"([^"]+)"/g)].map(([, service]) => service.replace(' ', ''));

const PACKAGES = {
  DynamoDB: 'dynamodb',
  S3: 's3',
  SFN: 'sfn',
  SQS: 'sqs',
  SSM: 'ssm',
  SecretsManager: 'secrets-manager',
};

const clientsOnly = (services) =>
  services.map((name) => `export { ${name}Client } from '@aws-sdk/client-${PACKAGES[name]}';`).join('\n');

const importTime = (file) =>
  Number(
    runNode([
      '--input-type=module',
      '-e',
      `const s=performance.now();await import(${JSON.stringify(file)});console.log(performance.now()-s)`,
    ]).stdout,
  );

/** Size of each bundle, and the time of its import beside that of its SDK clients alone, bundled in the same way. */
export const measureBundles = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bundles-'));
  const rows = [];
  for (const file of readdirSync('build/bundles').filter((name) => name.endsWith('.zip') && name !== 'worker.zip')) {
    const task = file.replace('.zip', '');
    const code = Object.entries(unzipSync(readFileSync(join('build/bundles', file)))).find(
      ([name]) => name === 'index.mjs',
    )[1];
    rows.push({
      what: `size of ${task}`,
      ours: `${Math.round(code.length / 1024)} KB`,
      yardstick: 'none',
      value: `${Math.round(code.length / 1024)} KB`,
      bar: `≤ ${MOST_BYTES / 1024} KB`,
      good: code.length <= MOST_BYTES,
    });
    const own = join(folder, `${task}.mjs`);
    writeFileSync(own, code);
    const services = servicesOf(Buffer.from(code).toString('utf8'));
    const alone = join(folder, `${task}-clients.mjs`);
    await build({
      stdin: {
        contents: clientsOnly(services),
        resolveDir: process.cwd(),
      },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      outfile: alone,
      logLevel: 'error',
    });
    const { ours, yardstick } = await inTurns(
      5,
      () => importTime(own),
      () => importTime(alone),
    );
    const ratio = ours / yardstick;
    rows.push({
      what: `import of ${task}`,
      ours: ms(ours),
      yardstick: `${ms(yardstick)}, its SDK clients alone (${services.join(', ')})`,
      value: times(ratio),
      bar: `≤ ${BAR} ×`,
      good: ratio <= BAR,
    });
  }
  rmSync(folder, { recursive: true, force: true });
  return rows;
};
