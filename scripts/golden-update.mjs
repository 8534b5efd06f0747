// npm run golden:update: writes what the tests compare with. Read the diff: it is what a release will change.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inProject } from './freshness/project.mjs';

const require = createRequire(import.meta.url);
const { goldenDefinitions } = require(inProject('dist/test/support/golden-definitions.js'));
const { withPresentOutputs } = require(inProject('dist/test/support/recorded-outputs.js'));

mkdirSync(inProject('test/golden'), { recursive: true });
const write = (file, text) => {
  const path = inProject('test/golden', file);
  const isSame = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (!isSame) writeFileSync(path, text);
  console.log(`${isSame ? 'unchanged' : 'written'}  test/golden/${file}`);
};

for (const [environment, definition] of goldenDefinitions()) write(`${environment}.asl.json`, definition);
const outputs = inProject('test/golden/stack-outputs.json');
const recorded = existsSync(outputs) ? JSON.parse(readFileSync(outputs, 'utf8')) : {};
write('stack-outputs.json', `${JSON.stringify(withPresentOutputs(recorded), null, 2)}\n`);
