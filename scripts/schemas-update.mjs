// npm run schemas:update: writes docs/schemas/ from the schemas in the code. A test compares them.
import { mkdirSync } from 'node:fs';
import { publishedSchemas } from '../dist/cli/published-schemas.js';
import { writeIfChanged } from './write-if-changed.mjs';

mkdirSync('docs/schemas', { recursive: true });
for (const [name, schema] of Object.entries(publishedSchemas()))
  writeIfChanged(`docs/schemas/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
