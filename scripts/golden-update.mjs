// npm run golden:update: writes what the tests compare with. Read the diff: it is what a release will change.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inProject } from './freshness/project.mjs';
import { writeIfChanged } from './write-if-changed.mjs';

const require = createRequire(import.meta.url);
const { goldenDefinitions } = require(inProject('dist/test/support/golden-definitions.js'));
const { withPresentOutputs } = require(inProject('dist/test/support/recorded-outputs.js'));

mkdirSync(inProject('test/golden'), { recursive: true });
const write = (file, text) => writeIfChanged(`test/golden/${file}`, text);

for (const [environment, definition] of goldenDefinitions()) write(`${environment}.asl.json`, definition);
const outputs = inProject('test/golden/stack-outputs.json');
const recorded = existsSync(outputs) ? JSON.parse(readFileSync(outputs, 'utf8')) : {};
write('stack-outputs.json', `${JSON.stringify(withPresentOutputs(recorded), null, 2)}\n`);
