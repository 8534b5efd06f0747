// npm run schemas:update: writes docs/schemas/ from the schemas in the code. A test compares them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { publishedSchemas } from '../dist/cli/published-schemas.js';

mkdirSync('docs/schemas', { recursive: true });
for (const [name, schema] of Object.entries(publishedSchemas()))
  writeFileSync(`docs/schemas/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
