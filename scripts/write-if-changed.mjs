import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inProject } from './freshness/project.mjs';

/** Writes a file of the project unless it says that already, and says which it was. */
export const writeIfChanged = (file, text) => {
  const path = inProject(file);
  const isSame = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (!isSame) writeFileSync(path, text);
  console.log(`${isSame ? 'unchanged' : 'written'}  ${file}`);
};
